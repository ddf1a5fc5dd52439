import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toInput, toResolved } from '../../src/cli/saved-plan.ts'
import { arbitraryTable } from '../support/arbitrary-tables.ts'
import { table } from '../support/tables.ts'

test('a definition in a saved plan is read back unchanged, with its assumptions', () => {
  fc.assert(
    fc.property(arbitraryTable, input => {
      const definition = table(input)
      const saved = JSON.parse(JSON.stringify({ name: definition.name, id: null, ...toInput(definition), plan: null }))
      expect(toResolved(saved, 0, 'plan.json').definition).toEqual(JSON.parse(JSON.stringify(definition)))
    }),
    { numRuns: 500 },
  )
})
