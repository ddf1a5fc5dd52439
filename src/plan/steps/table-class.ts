import { changeOf, type Phase, step } from './context.ts'

/** The table class must be the only operation in its call. */
export const tableClass: Phase = (changes, { table }) => {
  const change = changeOf(changes, 'tableClass')
  if (change?.to === undefined) return []
  const request = { api: 'UpdateTable' as const, input: { TableName: table, TableClass: change.to } }
  const uses = ['one of 2 table class changes in 30 days']
  return [step('~', `change the table class to ${change.to}`, request, [change], { uses })]
}
