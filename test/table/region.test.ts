import { expect, test } from 'vitest'
import { hasDirection, isRegionName, meantRegion } from '../../src/table/region.ts'

test.each([
  ['us-east-1', true, true, undefined],
  ['eusc-de-east-1', true, true, undefined],
  // A region that is new.
  ['nz-north-1', true, true, 'eu-north-1'],
  ['us-isob-east-1', true, true, 'us-gov-east-1'],
  ['eu-wst-1', true, false, 'eu-west-1'],
  ['ap-souteast-2', true, false, 'ap-southeast-2'],
  ['us-east1', false, false, 'us-east-1'],
  ['US_EAST_1', false, false, 'us-east-1'],
  ['frankfurt', false, false, undefined],
])('%s: a form of AWS %s, a direction of AWS %s, meant %s', (name, isName, isDirected, meant) => {
  expect([isRegionName(name), hasDirection(name), meantRegion(name)]).toEqual([isName, isDirected, meant])
})
