import { attempt } from '../errors.ts'
import { byteLength } from '../table/rules/rule.ts'
import { canonicalJson } from '../table/text.ts'
import { isRecord, memberOf } from '../table/untyped.ts'
import { anything } from './aws-shape.ts'
import { type FieldCheck, orFalse, text, wrong } from './checks.ts'
import type { Setting } from './setting.ts'
import { changeOf, step } from './step.ts'

declare module '../table/definition.ts' {
  interface FollowUpSettings {
    /** A resource-based policy as JSON text; `false` means none. */
    readonly resourcePolicy?: string | false | undefined
  }
}

const maxBytes = 20_480

const json = text('JSON text')
const policyText: FieldCheck = {
  ...json,
  complaints: (value, wanted) =>
    isRecord(value) ? wrong('must be JSON text, not an object; use JSON.stringify') : json.complaints(value, wanted),
}

// AWS returns a new policy only after a while.
const until = { kind: 'setting', field: 'resourcePolicy' } as const

export const resourcePolicy: Setting<'resourcePolicy'> = {
  fields: {
    resourcePolicy: {
      check: orFalse(policyText),
      label: 'resource policy',
      description: 'A resource-based policy as JSON text; false means no policy.',
      ignoredBy: ['plain-dynalite', 'dynamodb-local', 'extenddb', 'dynoxide'],
      asReported: (value = false) => (value === false ? value : canonical(value)),
      isSame: (wanted, live = false) =>
        typeof wanted === 'string' && typeof live === 'string' ? isSamePolicy(wanted, live) : wanted === live,
    },
  },
  rules: [
    {
      id: 'R2',
      aws: 'Invalid policy document / Maximum policy size of 20480 bytes exceeded',
      *check({ resourcePolicy: policy }) {
        if (typeof policy !== 'string') return
        const bytes = byteLength(policy)
        if (bytes > maxBytes) {
          const message = `the policy has ${bytes} bytes, spaces included; DynamoDB allows ${maxBytes}`
          yield { at: 'resourcePolicy', message, aws: `Maximum policy size of ${maxBytes} bytes exceeded` }
        }
        const document = parsed(policy)
        if (grantsToEveryone(document)) {
          const message = 'the policy allows everyone without a condition; name principals, or add a Condition'
          yield { at: 'resourcePolicy', message, aws: unbounded, plain: true }
        }
        if (isRecord(document)) return
        const aws = 'Invalid policy document: This policy contains invalid Json'
        yield { at: 'resourcePolicy', message: 'the policy is not a valid JSON object', aws }
      },
    },
  ],
  createMembers: ({ resourcePolicy: policy }) => (typeof policy === 'string' ? { ResourcePolicy: policy } : {}),
  followUp: {
    field: 'resourcePolicy',
    title: 'the resource policy',
    requests: ['PutResourcePolicy', 'DeleteResourcePolicy'],
    read: (ask, { TableArn }) =>
      ask(
        'GetResourcePolicy',
        { ResourceArn: TableArn },
        ({ Policy }) => ({ settings: { resourcePolicy: Policy ?? false } }),
        { settings: { resourcePolicy: false } },
      ),
  },
  steps(changes, { arn }) {
    const change = changeOf(changes, 'resourcePolicy')
    if (change === undefined || arn === undefined) return []
    const { from, to } = change
    if (typeof to !== 'string') {
      const request = { api: 'DeleteResourcePolicy', input: { ResourceArn: arn } } as const
      return [step('-', 'remove the resource policy', request, [change], { until, destroys: true })]
    }
    const request = { api: 'PutResourcePolicy', input: { ResourceArn: arn, Policy: to } } as const
    return [
      typeof from === 'string'
        ? step('~', 'replace the resource policy', request, [change], { until })
        : step('+', 'set the resource policy', request, [change], { until }),
    ]
  },
  isCarriedOut({ api, input }, { definition: { resourcePolicy: live } }) {
    if (api === 'PutResourcePolicy') return typeof live === 'string' && isSamePolicy(input.Policy ?? '', live)
    return api !== 'DeleteResourcePolicy' || typeof live !== 'string'
  },
  aws: {
    members: { ResourcePolicy: anything },
    read({ ResourcePolicy: policy }, _, report) {
      if (!isRecord(policy)) return { resourcePolicy: policy }
      // CloudFormation has the policy in PolicyDocument, usually as an object.
      const { PolicyDocument: document, ...others } = policy
      for (const member of Object.keys(others)) {
        report(`ResourcePolicy.${member}`, 'is unknown; write the policy as JSON text, or as { PolicyDocument }')
      }
      if (document === undefined) report('ResourcePolicy.PolicyDocument', 'is missing')
      return { resourcePolicy: isRecord(document) ? JSON.stringify(document) : document }
    },
    write: ({ resourcePolicy: policy }) =>
      typeof policy === 'string' ? { ResourcePolicy: { PolicyDocument: JSON.parse(policy) } } : {},
  },
}

/** Whether two policies are the same JSON, ignoring member order and white space. */
function isSamePolicy(a: string, b: string): boolean {
  return canonical(a) === canonical(b)
}

function canonical(policy: string): string {
  return attempt(() => canonicalJson(JSON.parse(policy))) ?? policy.trim()
}

const parsed = (policy: string): unknown => attempt(() => JSON.parse(policy))

const unbounded =
  'Resource-based policy grants unbounded access in one or more elements. Please revise the policy to ensure least-privilege form of access'

/** Whether a statement allows every principal, under no condition. */
function grantsToEveryone(document: unknown): boolean {
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])
  return list(memberOf(document, 'Statement')).some(statement => {
    if (memberOf(statement, 'Effect') !== 'Allow' || memberOf(statement, 'Condition') !== undefined) return false
    const principal = memberOf(statement, 'Principal')
    return list(isRecord(principal) ? principal.AWS : principal).includes('*')
  })
}
