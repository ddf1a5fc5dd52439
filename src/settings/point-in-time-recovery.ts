import type { PointInTimeRecoverySpecification } from '@aws-sdk/client-dynamodb'
import { isRecord } from '../table/untyped.ts'
import { readStatus } from './aws-parts.ts'
import { awsBoolean, awsNumber, structure } from './aws-shape.ts'
import { type FieldCheck, wholeNumber } from './checks.ts'
import type { Setting } from './setting.ts'
import { changeOf, step } from './step.ts'

declare module '../table/definition.ts' {
  interface FollowUpSettings {
    /** `true`, `false`, or the number of days to keep (1 to 35; AWS's default is 35). */
    readonly pointInTimeRecovery?: boolean | number | undefined
  }
}

/** AWS's default period. */
const defaultDays = 35

const days = wholeNumber('true, false or a number of days', { minimum: 1, maximum: 35 })
const daysOrBoolean: FieldCheck = {
  ...days,
  schema: { anyOf: [{ type: 'boolean' }, days.schema] },
  complaints: value => (typeof value === 'boolean' ? [] : days.complaints(value)),
}

export const pointInTimeRecovery: Setting<'pointInTimeRecovery'> = {
  fields: {
    pointInTimeRecovery: {
      check: daysOrBoolean,
      label: 'point-in-time recovery',
      description: 'Continuous backups: true, false, or for how many days (1 to 35).',
      otherNames: ['pitr'],
      ignoredBy: ['plain-dynalite', 'dynamodb-local', 'dynoxide'],
      flag: { spec: '--point-in-time-recovery', meaning: 'turn point-in-time recovery on' },
      text: value => (typeof value === 'number' ? `on, ${value} days` : value ? 'on' : 'off'),
      asReported: (value = false) => (value === true ? defaultDays : value),
      isSame,
    },
  },
  rules: [
    {
      id: 'R1',
      aws: "Value '36' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must have value less than or equal to 35",
      *check({ pointInTimeRecovery: value }) {
        if (typeof value !== 'number' || (value >= 1 && value <= 35)) return
        yield { at: 'pointInTimeRecovery', message: `must be 1 to 35 days, or false for off, not ${value}` }
      },
    },
  ],
  followUp: {
    field: 'pointInTimeRecovery',
    title: 'point-in-time recovery',
    requests: ['UpdateContinuousBackups'],
    read: (ask, { TableName }) =>
      ask('DescribeContinuousBackups', { TableName }, ({ ContinuousBackupsDescription: backups }) => {
        const { PointInTimeRecoveryStatus: status, RecoveryPeriodInDays: days } =
          backups?.PointInTimeRecoveryDescription ?? {}
        // Some engines do not store the days and report only that it is on.
        return readStatus(status, isOn => ({ settings: { pointInTimeRecovery: isOn && (days ?? true) } }))
      }),
  },
  steps(changes, { table }) {
    const change = changeOf(changes, 'pointInTimeRecovery')
    if (change?.to === undefined) return []
    const { from, to } = change
    const input = { TableName: table, PointInTimeRecoverySpecification: specification(to) }
    const wanted = { api: 'UpdateContinuousBackups', input } as const
    if (to === false) return [step('-', 'turn off point-in-time recovery', wanted, [change], { destroys: true })]
    const period = typeof to === 'number' ? ` (${to} days)` : ''
    return [
      from !== undefined && from !== false
        ? step('~', `change point-in-time recovery${period}`, wanted, [change])
        : step('+', `turn on point-in-time recovery${period}`, wanted, [change]),
    ]
  },
  aws: {
    members: {
      PointInTimeRecoverySpecification: structure({
        PointInTimeRecoveryEnabled: awsBoolean,
        RecoveryPeriodInDays: awsNumber,
      }),
    },
    read({ PointInTimeRecoverySpecification: recovery }, _, report) {
      if (!isRecord(recovery)) return {}
      const { PointInTimeRecoveryEnabled: enabled, RecoveryPeriodInDays: days } = recovery
      const where = 'PointInTimeRecoverySpecification'
      if (enabled === undefined) report(`${where}.PointInTimeRecoveryEnabled`, 'is missing; write true or false')
      if (enabled === false && days !== undefined)
        report(`${where}.RecoveryPeriodInDays`, 'needs PointInTimeRecoveryEnabled: true')
      return { pointInTimeRecovery: enabled === true ? (days ?? true) : false }
    },
    write({ pointInTimeRecovery: value }) {
      return value === undefined ? {} : { PointInTimeRecoverySpecification: specification(value) }
    },
  },
}

/** `true` accepts any number of days. */
function isSame(wanted: boolean | number, live: boolean | number | undefined = false): boolean {
  if (wanted === false || live === false) return wanted === live
  return wanted === true || wanted === (live === true ? defaultDays : live)
}

/** AWS refuses the days when recovery is turned off. */
function specification(value: boolean | number): PointInTimeRecoverySpecification {
  const days = typeof value === 'number' ? { RecoveryPeriodInDays: value } : {}
  return { PointInTimeRecoveryEnabled: value !== false, ...days }
}
