import { DeleteTableCommand, type DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/apply/clock.ts'
import { createTable } from '../../src/apply/reconcile.ts'
import { runTables } from '../../src/apply/run-tables.ts'
import { createWaiter } from '../../src/apply/waiter.ts'
import { createApi } from '../../src/aws/create-api.ts'
import { planTable } from '../../src/plan/plan-table.ts'
import { followUpFields } from '../../src/settings/catalogue.ts'
import { describeChange } from '../../src/settings/change.ts'
import type { TableDefinition } from '../../src/table/definition.ts'
import { deviations } from '../support/differential/deviations.ts'
import { mutatedTable, mutations } from '../support/differential/mutations.ts'
import { validTable } from '../support/differential/random-tables.ts'
import { hash, type RawTable, range } from '../support/differential/raw-table.ts'
import { clientOf, ourVerdict, theirVerdict } from '../support/differential/verdict.ts'
import { describeEngines, type EngineUnderTest } from '../support/engines/describe-engines.ts'
import { dynaliteEngine } from '../support/engines/dynalite.ts'
import type { RunningEngine } from '../support/engines/engine.ts'
import { unique } from './support/cli.ts'

const seed = 20_261_101
/** How many inputs each engine is asked about; by what an answer takes. */
const runs: Readonly<Record<string, { verdicts: number; described: number }>> = {
  dynalite: { verdicts: 2500, described: 300 },
  'dynamodb-local': { verdicts: 500, described: 150 },
  extenddb: { verdicts: 300, described: 50 },
}

// Thousands of tables would slow down everybody else's lists: this file's dynalite is its own.
let own: RunningEngine
beforeAll(async () => {
  own = await dynaliteEngine({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }).start()
})
afterAll(() => own?.stop())

describeEngines('a CreateTable input and its validator', engine => {
  const { verdicts, described } = runs[engine.name] ?? { verdicts: 100, described: 20 }
  const address = () => (engine.name === 'dynalite' ? own : engine)
  const valid = validTable({ multiAttribute: true })
  let client: DynamoDBClient
  beforeAll(() => {
    client = clientOf(address())
  })
  afterAll(() => client?.destroy())

  // On a busy machine fewer cases are tried, in the same order.
  const limits = { seed, interruptAfterTimeLimit: 7_000 }

  test('agree on valid inputs', async () => {
    const property = fc.asyncProperty(valid, async raw => {
      expect(ourVerdict({ ...raw, TableName: 'random' })).toHaveProperty('definition')
      expect(await disagreement(engine, client, raw)).toBeUndefined()
    })
    await fc.assert(property, { ...limits, numRuns: Math.round(verdicts / 3) })
  })

  test('agree on inputs with mistakes', async () => {
    const property = fc.asyncProperty(mutatedTable(valid), async raw => {
      expect(await disagreement(engine, client, raw)).toBeUndefined()
    })
    await fc.assert(property, { ...limits, numRuns: Math.round((verdicts * 2) / 3) })
  })

  test('agree on each mistake alone, and every listed deviation occurs', async () => {
    const met = new Set<string>()
    for (const base of bases) {
      for (const mutate of mutations) {
        for (const some of [0, 1, 4, 5]) {
          const raw = structuredClone(base)
          mutate(raw, some)
          expect(await disagreement(engine, client, raw, met)).toBeUndefined()
          // It takes its time, and an index is an index to it.
          if (engine.name === 'extenddb') break
        }
      }
    }
    const listed = deviations.filter(deviation => deviation.engine === engine.capabilities.engine)
    expect(
      listed
        .flatMap(deviation => ('lacks' in deviation ? deviation.lacks : [String(deviation.refuses)]))
        .filter(id => !met.has(id)),
    ).toEqual([])
  })

  test('a table that was created and described back differs in nothing from its definition', async () => {
    const api = createApi({ kind: 'endpoint', ...address() })
    // The first answer shows which engine it is, and so what it keeps.
    await api.describe('nothing')
    const capabilities = api.capabilities()
    expect(capabilities.engine).toBe(engine.capabilities.engine)
    const kept = validTable({ multiAttribute: !capabilities.refuses.includes('multiAttributeKeys') })
    const settings = fc.record({
      ttl: fc.constantFrom<TableDefinition['ttl']>('expiresAt', false, undefined),
      pointInTimeRecovery: fc.constantFrom(true, false, undefined),
    })
    const definitions = new Map(
      fc
        .sample(fc.tuple(kept, settings), { seed, numRuns: described })
        .map(([raw, more]): [string, TableDefinition] => {
          const ours = ourVerdict({ ...raw, TableName: unique('described') })
          if (!('definition' in ours)) throw new Error(`refused by us: ${ours.rules.join(', ')}`)
          const definition = { ...ours.definition, ...more }
          return [definition.name, definition]
        }),
    )
    const waiter = createWaiter(api, systemClock)
    const differences: string[] = []
    await runTables([...definitions.keys()], async name => {
      const definition = definitions.get(name) as TableDefinition
      const outcome = await createTable(definition, api, { waiter })
      const live = await api.describe(name, followUpFields(definition, capabilities))
      if (live === undefined) throw new Error(`${name} is not there: ${outcome.error?.message}`)
      const changes = planTable(definition, live, { capabilities }).changes.map(describeChange)
      const steps = planTable(definition, live, { capabilities }).steps.map(({ summary }) => summary)
      if (outcome.action !== 'created' || changes.length + steps.length > 0) {
        differences.push(
          `${outcome.action} ${outcome.error?.message}, ${[...changes, ...steps].join('; ')}: ${JSON.stringify(definition)}`,
        )
      }
      await drop(client, name)
      return outcome
    })
    expect(differences).toEqual([])
  })
})

const capacity = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }
const index = (name: string, ...KeySchema: ReturnType<typeof hash>[]) => ({
  IndexName: name,
  KeySchema,
  Projection: { ProjectionType: 'ALL' },
})
const globals = [index('global-a', hash('a'), range('b')), index('global-b', hash('b'))]
const onDemand: RawTable = {
  TableName: '',
  AttributeDefinitions: ['pk', 'sk', 'a', 'b'].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [hash('pk'), range('sk')],
  GlobalSecondaryIndexes: globals,
  LocalSecondaryIndexes: [index('local-a', hash('pk'), range('a')), index('local-b', hash('pk'), range('b'))],
  BillingMode: 'PAY_PER_REQUEST',
}
const bases: readonly RawTable[] = [
  onDemand,
  {
    ...onDemand,
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: capacity,
    GlobalSecondaryIndexes: globals.map(each => ({
      ...each,
      ProvisionedThroughput: capacity,
    })),
  },
  { ...onDemand, GlobalSecondaryIndexes: [index('several', hash('a'), hash('b'), range('sk'))] },
]

/** What is wrong with how the two judge the input, unless it is listed; the listed rules that were met are added to `met`. */
async function disagreement(
  { capabilities }: EngineUnderTest,
  client: DynamoDBClient,
  raw: RawTable,
  met = new Set<string>(),
): Promise<string | undefined> {
  const named = { ...raw, TableName: raw.TableName === 'ab' ? 'ab' : `${unique('differ')}${raw.TableName}` }
  const ours = ourVerdict(named)
  const theirs = await theirVerdict(client, named)
  if (theirs === undefined) await drop(client, named.TableName)
  const known = deviations.filter(({ engine }) => engine === capabilities.engine)
  if ('definition' in ours) {
    if (theirs === undefined) return undefined
    const refusal = known.find(deviation => 'refuses' in deviation && deviation.refuses.test(theirs))
    if (refusal !== undefined && 'refuses' in refusal) met.add(String(refusal.refuses))
    return refusal === undefined ? `we take it, ${capabilities.label} says ${theirs}` : undefined
  }
  if (theirs !== undefined) return undefined
  const lacking = known.flatMap(deviation => ('lacks' in deviation ? deviation.lacks : []))
  if (ours.rules.every(rule => lacking.includes(rule))) {
    for (const rule of ours.rules) met.add(rule)
    return undefined
  }
  return `${capabilities.label} takes it, we refuse it by ${ours.rules.join(', ')}`
}

/** Deletes a table in whatever state, protected or not; what an engine does not do is left to its end. */
async function drop(client: DynamoDBClient, TableName: string): Promise<void> {
  const gone = await client.send(new DeleteTableCommand({ TableName })).catch((error: Error) => error)
  if (!(gone instanceof Error) || !/protect/i.test(gone.message)) return
  await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false })).catch(() => undefined)
  await client.send(new DeleteTableCommand({ TableName })).catch(() => undefined)
}
