import type { Server } from 'node:http'
import type { DynaliteOptions } from 'dynalite'
import type { DynaliteFunctions, DynaliteStore } from 'dynalite/db/index.js'
import { checkInternals, unknownInternals } from './check-internals.ts'

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
