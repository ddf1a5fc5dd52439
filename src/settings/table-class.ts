import { awsText } from './aws-shape.ts'
import { oneOf } from './checks.ts'
import type { Setting } from './setting.ts'
import { changeOf, step, updateTable, type Work } from './step.ts'

/** `STANDARD_INFREQUENT_ACCESS` costs less to store and more to read and write. */
export type TableClass = 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS'

declare module '../table/definition.ts' {
  interface TableSettings {
    /** `STANDARD` when left out. */
    readonly tableClass?: TableClass | undefined
  }
}

const work: Work = {
  name: 'class',
  expected: '4-6 s',
  leastMs: 4_000,
  isOf: ({ api, input }) => api === 'UpdateTable' && input.TableClass !== undefined,
}
const classes = ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'] as const

export const tableClass: Setting<'tableClass'> = {
  fields: {
    tableClass: {
      check: oneOf(classes, 'C1'),
      label: 'table class',
      description: 'STANDARD (the default), or STANDARD_INFREQUENT_ACCESS: cheaper to store, more expensive to use.',
      standard: 'STANDARD',
      ignoredBy: ['plain-dynalite', 'dynamodb-local'],
      flag: { spec: '--table-class <class>', meaning: 'STANDARD or STANDARD_INFREQUENT_ACCESS', choices: classes },
    },
  },
  createMembers: definition => (definition.tableClass === undefined ? {} : { TableClass: definition.tableClass }),
  read: table => ({ tableClass: table.TableClassSummary?.TableClass ?? 'STANDARD' }),
  /** AWS accepts no other change in the same call. */
  steps(changes, { table }) {
    const change = changeOf(changes, 'tableClass')
    if (change?.to === undefined) return []
    const uses = ['one of 2 table class changes in 30 days']
    const request = updateTable(table, { TableClass: change.to })
    return [step('~', `change the table class to ${change.to}`, request, [change], { uses, work })]
  },
  works: [work],
  aws: {
    members: { TableClass: awsText },
    read: ({ TableClass }) => ({ tableClass: TableClass }),
  },
}
