import type { Step } from '../settings/step.ts'
import type { LiveTable } from '../table/live.ts'
import { at } from '../table/path.ts'
import { durations } from './durations.ts'
import type { Plan } from './plan.ts'
import type { PlanOptions } from './plan-table.ts'
import { deleteTableRequest, deletionProtectionRequest } from './requests.ts'

/**
 * What to do so that the table is gone: nothing where it is gone or going, blocked where it is protected, unless
 * turning the protection off was asked for.
 */
export function planDelete(name: string, live: LiveTable | undefined, options: PlanOptions = {}): Plan {
  const plan = { table: name, steps: [], blocked: [], notices: [] }
  if (live === undefined || live.status === 'DELETING') return plan
  if (live.definition.deletionProtection !== true) return { ...plan, steps: [deleteStep(name)] }
  if (options.disableProtection === true) return { ...plan, steps: [unprotectStep(name), deleteStep(name)] }
  return {
    ...plan,
    blocked: [
      {
        path: at(name, 'deletionProtection'),
        message:
          'the table is protected against deletion; turn that off first (--disable-protection, disableProtection)',
        rule: 'D1',
      },
    ],
  }
}

function deleteStep(name: string): Step {
  return {
    sign: '-',
    summary: `delete table ${name}`,
    request: deleteTableRequest(name),
    until: { kind: 'gone' },
    changes: [],
    destroys: true,
    expected: durations.delete.expected,
  }
}

function unprotectStep(name: string): Step {
  return {
    sign: '~',
    summary: 'turn off deletion protection',
    request: deletionProtectionRequest(name, false),
    // The change holds as soon as it is answered: DeleteTable is taken at once.
    until: { kind: 'answered' },
    changes: [{ kind: 'modify-setting', field: 'deletionProtection', from: true, to: false }],
    destroys: true,
    expected: durations.quick.expected,
  }
}
