import { expect, test } from 'vitest'
import { awsPace, awsTimings, fixedPace } from '../../src/local/control-plane/pace.ts'
import { speedOf } from '../../src/local/engines/registry.ts'

test.each([
  [undefined, undefined],
  [false, undefined],
  [true, 1],
  [10, 10],
  [0.5, 0.5],
])('realistic: %s', (realistic, speed) => {
  expect(speedOf('dynalite', realistic)).toBe(speed)
})

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('realistic: %d is refused', realistic => {
  expect(() => speedOf('dynalite', realistic)).toThrow(
    `realistic must be true, false or a number above 0, not ${realistic}`,
  )
})

test('other engines have their own pace', () => {
  expect(() => speedOf('extenddb', true)).toThrow('--realistic is not supported by extenddb, only by dynalite')
  expect(speedOf('extenddb', false)).toBeUndefined()
})

test('everything takes a tenth of its time, and rates are ten times as high', () => {
  const { timings, limits, notFoundMs, coolDown } = awsPace(10)
  expect(timings.createWithIndexes).toEqual([1400, 2200])
  expect(awsTimings.createWithIndexes).toEqual([14_000, 22_000])
  expect([notFoundMs, coolDown(3_600_000)]).toEqual([30, 360_000])
  expect(limits).toMatchObject({ mutationsPerSecond: 50, burst: 6 })
})

test("without AWS's pace, a cool-down passes before people notice", () => {
  expect(fixedPace(0, 0, 0).coolDown(3_600_000)).toBe(100)
})
