import { awsBoolean } from './aws-shape.ts'
import { trueOrFalse } from './checks.ts'
import type { Setting } from './setting.ts'
import { changeOf, type Step, step, updateTable } from './step.ts'

declare module '../table/definition.ts' {
  interface TableSettings {
    /** Whether DynamoDB refuses to delete the table. */
    readonly deletionProtection?: boolean | undefined
  }
}

export const deletionProtection: Setting<'deletionProtection'> = {
  fields: {
    deletionProtection: {
      check: trueOrFalse,
      label: 'deletion protection',
      description: 'Whether DynamoDB refuses to delete the table.',
      ignoredBy: ['plain-dynalite'],
      flag: { spec: '--deletion-protection', meaning: 'turn deletion protection on' },
      // AWS always reports it.
      isSame: (wanted, live) => live === undefined || wanted === live,
    },
  },
  createMembers: definition => (definition.deletionProtection === true ? { DeletionProtectionEnabled: true } : {}),
  read: table => ({ deletionProtection: table.DeletionProtectionEnabled ?? false }),
  /** AWS accepts no other change in the same call. Last, so that it protects the finished table. */
  lastSteps(changes, { table }) {
    const change = changeOf(changes, 'deletionProtection')
    if (change?.to === undefined) return []
    if (!change.to) return [unprotectStep(table)]
    const request = updateTable(table, { DeletionProtectionEnabled: true })
    return [step('+', 'turn on deletion protection', request, [change])]
  },
  aws: {
    members: { DeletionProtectionEnabled: awsBoolean },
    read: ({ DeletionProtectionEnabled }) => ({ deletionProtection: DeletionProtectionEnabled }),
  },
}

/** Turns the protection off, in an update or before the table is deleted. */
export function unprotectStep(table: string, until: Step['until'] = { kind: 'ready' }): Step {
  const change = { kind: 'modify-setting', field: 'deletionProtection', from: true, to: false } as const
  const request = updateTable(table, { DeletionProtectionEnabled: false })
  return step('-', 'turn off deletion protection', request, [change], { destroys: true, until })
}
