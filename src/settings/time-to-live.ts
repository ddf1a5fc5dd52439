import { placedKeys } from '../table/rules/rule.ts'
import { isRecord, shorten } from '../table/untyped.ts'
import { readStatus } from './aws-parts.ts'
import { awsBoolean, awsText, structure } from './aws-shape.ts'
import { orFalse, text } from './checks.ts'
import type { Setting } from './setting.ts'
import { changeOf, step, type TableRequest } from './step.ts'

declare module '../table/definition.ts' {
  interface FollowUpSettings {
    /** The attribute that holds the expiry time (epoch seconds, a number); `false` means that nothing expires. */
    readonly ttl?: string | false | undefined
  }
}

const uses = ['one TTL change an hour']

export const timeToLive: Setting<'ttl'> = {
  fields: {
    ttl: {
      check: orFalse(text('an attribute name')),
      label: 'TTL attribute',
      description:
        'The number attribute that holds the expiry time in epoch seconds; false: make sure nothing expires.',
      otherNames: ['timeToLive', 'time_to_live'],
      ignoredBy: ['plain-dynalite'],
      flag: { spec: '--ttl <attribute>', meaning: 'the attribute that holds the expiry time' },
    },
  },
  rules: [
    {
      id: 'X-name',
      aws: "Value '' at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must have length less than or equal to 255",
      *check({ ttl }) {
        if (typeof ttl !== 'string' || ttl.length <= 255) return
        const message = `attribute name "${shorten(ttl)}" has ${ttl.length} characters; DynamoDB allows 255`
        yield { at: 'ttl', message }
      },
    },
    {
      id: 'W-ttl-type',
      level: 'warning',
      *check(definition) {
        const key = placedKeys(definition).find(({ key: { name } }) => name === definition.ttl)?.key
        if (key === undefined || key.type === 'N') return
        const message = `"${shorten(key.name)}" is ${key.type}; only a number (epoch seconds) makes items expire`
        yield { at: 'ttl', message }
      },
    },
  ],
  followUp: {
    field: 'ttl',
    title: 'time to live',
    requests: ['UpdateTimeToLive'],
    read: (ask, { TableName }) =>
      ask('DescribeTimeToLive', { TableName }, ({ TimeToLiveDescription: live = {} }) =>
        readStatus(live.TimeToLiveStatus, isOn => ({ settings: { ttl: isOn && (live.AttributeName ?? false) } })),
      ),
  },
  /** Turns TTL off when it should be off or use another attribute, and on when it was off. */
  steps(changes, { table }) {
    const change = changeOf(changes, 'ttl')
    if (change === undefined) return []
    const { from, to } = change
    if (typeof from === 'string') {
      const summary = `turn off TTL on ${from}${typeof to === 'string' ? `, to turn it on for ${to}` : ''}`
      const until = { kind: 'setting', field: 'ttl' } as const
      return [step('-', summary, request(table, from, false), [change], { until, destroys: true, uses })]
    }
    if (typeof to !== 'string') return []
    return [step('+', `turn on TTL on ${to}`, request(table, to, true), [change], { uses })]
  },
  /**
   * Turns TTL on again when the attribute changes. AWS requires up to an hour between two changes (half an hour was
   * measured), so this step comes last.
   */
  lastSteps(changes, { table }) {
    const change = changeOf(changes, 'ttl')
    if (typeof change?.from !== 'string' || typeof change.to !== 'string') return []
    const expected = 'up to 1 h after it was turned off'
    return [step('+', `turn on TTL on ${change.to}`, request(table, change.to, true), [change], { uses, expected })]
  },
  aws: {
    members: { TimeToLiveSpecification: structure({ Enabled: awsBoolean, AttributeName: awsText }) },
    read({ TimeToLiveSpecification: ttl }, _, report) {
      if (!isRecord(ttl)) return {}
      if (ttl.Enabled === undefined) report('TimeToLiveSpecification.Enabled', 'is missing; write true or false')
      if (ttl.Enabled === true && ttl.AttributeName === undefined)
        report('TimeToLiveSpecification.AttributeName', 'is missing')
      return { ttl: ttl.Enabled === true ? ttl.AttributeName : false }
    },
    write({ ttl }) {
      if (ttl === undefined) return {}
      return { TimeToLiveSpecification: ttl === false ? { Enabled: false } : { AttributeName: ttl, Enabled: true } }
    },
  },
}

/** AWS requires the attribute name in both cases. */
function request(table: string, attribute: string, enabled: boolean): TableRequest {
  return {
    api: 'UpdateTimeToLive',
    input: { TableName: table, TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute } },
  }
}
