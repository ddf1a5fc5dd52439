import type { Server } from 'node:http'
import type { DynaliteOptions } from 'dynalite'
import type { WrittenStore } from 'dynalite/actions/putItem.js'
import type { DynaliteFunctions, DynaliteStore, StoredTable } from 'dynalite/db/index.js'
import { DynamoxError, messageOf } from '../errors.ts'

/** The engine's code. */
export interface Dynalite {
  readonly functions: DynaliteFunctions
  /** A server that does not listen yet, and its store, whose database is not open yet. */
  create(options: DynaliteOptions): { readonly server: Server; readonly store: DynaliteStore }
}

/** Loads the engine; this is most of its start-up time. Throws for a release that works differently inside. */
export async function loadDynalite(): Promise<Dynalite> {
  const [{ default: dynalite }, { default: functions }] = await Promise.all([
    import('dynalite'),
    import('dynalite/db/index.js'),
  ])
  await checkInternals(functions)
  return {
    functions,
    create: options => {
      // dynalite keeps its store private and opens the database on the first request, where a failure is an uncaught
      // error. Intercept its creation, so that we can open it ourselves.
      const { create } = functions
      let store: DynaliteStore | undefined
      functions.create = given => {
        store = create(given)
        return store
      }
      try {
        const server = dynalite(options)
        if (store === undefined) throw unknownInternals('it does not create its store through db.create')
        return { server, store }
      } finally {
        functions.create = create
      }
    },
  }
}

// A table with an index, an item before and after a change, and the keys that dynalite 4 gives them.
const table: StoredTable = {
  TableName: 'checks',
  TableStatus: 'ACTIVE',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'at', AttributeType: 'N' },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-at',
      KeySchema: [{ AttributeName: 'at', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
}
const before = { pk: { S: 'a' }, at: { N: '1' } }
const after = { pk: { S: 'a' }, at: { N: '2' }, note: { S: 'x' } }
const key = 'f6558e/61/'
const [entryBefore, entryAfter] = ['c3a031/1821/f6558e', '5a7805/1822/f6558e']

/**
 * Checks that dynalite does its work the way the stored items rely on: its index functions and the format of its keys,
 * and that its actions lock an item, read it, call `updateIndexes` and write it, through the store they are given.
 * Takes less than a millisecond. Throws `config` for a release that differs.
 */
export async function checkInternals(functions: DynaliteFunctions): Promise<void> {
  const [{ default: putItem }, { default: deleteItem }] = await Promise.all([
    import('dynalite/actions/putItem.js'),
    import('dynalite/actions/deleteItem.js'),
  ])
  const { createKey, getIndexActions, validateKeyPiece, validateItem, updateIndexes } = functions
  const indexes = table.GlobalSecondaryIndexes ?? []
  verify('createKey', [createKey(after, table)], [key])
  verify('getIndexActions', getIndexActions(indexes, before, after, table), {
    puts: [{ index: 'by-at', key: entryAfter, item: { at: after.at, pk: after.pk } }],
    deletes: [{ index: 'by-at', key: entryBefore }],
  })
  const keyProblems = [before, { pk: { S: '' } }, {}].map(item => validateKeyPiece(item, 'pk', 'S', true) != null)
  verify('validateKeyPiece', keyProblems, [false, true, true])
  const itemProblems = [after, {}, { ...after, at: { S: '2' } }].map(item => validateItem(item, table) != null)
  verify('validateItem', itemProblems, [false, true, true])

  const steps: unknown[] = []
  try {
    functions.updateIndexes = (_store, { TableName }, old, item, done) => {
      steps.push(['updateIndexes', TableName, old, item])
      done(null)
    }
    const store = notingStore(steps)
    putItem(store, { TableName: table.TableName, Item: after }, () => steps.push('put'))
    deleteItem(store, { TableName: table.TableName, Key: { pk: after.pk } }, () => steps.push('deleted'))
  } catch (cause) {
    throw unknownInternals(`writing an item fails (${messageOf(cause)})`)
  } finally {
    functions.updateIndexes = updateIndexes
  }
  const opening = [
    ['lock', key],
    ['get', key],
  ]
  verify('writing an item', steps, [
    ...[...opening, ['updateIndexes', 'checks', before, after], ['put', key, after], 'released', 'put'],
    ...[...opening, ['updateIndexes', 'checks', before, null], ['del', key], 'released', 'deleted'],
  ])
}

/** The error for a release of dynalite whose inside differs from what dynamox knows. */
const unknownInternals = (what: string): DynamoxError =>
  new DynamoxError('config', `this release of dynalite differs inside from those that dynamox supports: ${what}`, {
    hint: 'install dynalite 4.0.0, or update dynamox',
  })

function verify(what: string, found: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(found), JSON.stringify(expected)]
  if (is !== should) throw unknownInternals(`${what} gives ${is} instead of ${should}`)
}

/** A store that records the calls made to it. */
function notingStore(steps: unknown[]): WrittenStore {
  return {
    getTable: (_name, checkStatus, done) => (typeof checkStatus === 'function' ? checkStatus : done)?.(null, table),
    getItemDb: () => ({
      lock: (locked, work) => {
        steps.push(['lock', locked])
        work(done => (...results) => {
          steps.push('released')
          done(...results)
        })
      },
      get: (read, done) => {
        steps.push(['get', read])
        done(null, before)
      },
      put: (written, item, done) => {
        // The stored items recognise the item that `updateIndexes` was given.
        steps.push(['put', written, item === after ? item : 'a copy'])
        done(null)
      },
      del: (deleted, done) => {
        steps.push(['del', deleted])
        done(null)
      },
    }),
  }
}
