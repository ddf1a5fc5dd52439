import { expect, test } from 'vitest'
import { checkInternals, loadDynalite } from '../../src/local/load-dynalite.ts'

const { functions } = await loadDynalite()

test('the installed release passes, and is left as it was', async () => {
  const { updateIndexes } = functions
  await checkInternals(functions)
  expect(functions.updateIndexes).toBe(updateIndexes)
})

test.each([
  ['createKey', { createKey: () => 'a' }, 'createKey gives ["a"] instead of ["f6558e/61/"]'],
  ['the entries of an index', { getIndexActions: () => ({ puts: [], deletes: [] }) }, 'getIndexActions gives '],
  ['the check of a key', { validateKeyPiece: () => null }, 'validateKeyPiece gives [false,false,false]'],
])('%s changed', async (_, changed, message) => {
  await expect(checkInternals({ ...functions, ...changed })).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining(message),
    hint: 'install dynalite 4.0.0, or update dynamox',
  })
})

test('actions that no longer go through the functions', async () => {
  // Functions of its own: the actions call others.
  await expect(checkInternals({ ...functions })).rejects.toMatchObject({
    message: expect.stringContaining('writing an item fails (store.getIndexDb is not a function)'),
  })
})
