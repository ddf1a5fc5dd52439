import { randomUUID } from 'node:crypto'
import type { Membership } from './membership.ts'
import { type Position, type SettleOptions, settle } from './settle.ts'
import type { StorePlace } from './store.ts'

/** Our stay at a store, until `leave`. */
export interface Stay {
  readonly endpoint: string
  /** Whether another process serves at this moment. */
  shared(): boolean
  leave(): Promise<void>
}

/** Keeps the endpoint of `first` alive: when the process that serves it ends before we leave, we take its place. */
export function stay(place: StorePlace, options: SettleOptions, first: Position): Stay {
  const endpoint = first.kind === 'holder' ? first.endpoint : first.membership.endpoint
  let position = first
  let spare: SettleOptions['spare']
  let leaving = false
  let moving: Promise<void> = Promise.resolve()

  const follow = (): void => {
    if (position.kind === 'holder') return
    const { membership } = position
    void membership.closing.then(() => getReady(membership))
    void membership.gone.then(() => {
      if (!leaving) moving = takeOver()
    })
  }
  // Loading the engine takes most of its start: done while the other one still serves, the gap is a few milliseconds.
  const getReady = async (membership: Membership): Promise<void> => {
    if (leaving) return
    const instance = randomUUID()
    spare = { instance, engine: options.start(instance) }
    await spare.engine.loaded()
    membership.ready()
  }
  const takeOver = async (): Promise<void> => {
    const engine = spare
    spare = undefined
    try {
      position = await settle(place, { ...options, port: Number(new URL(endpoint).port), spare: engine })
      follow()
    } catch {
      // The endpoint is gone for good; whoever calls it learns so from the refused connection.
    }
  }
  follow()

  return {
    endpoint,
    shared: () => position.kind === 'member',
    leave: async () => {
      leaving = true
      await moving
      if (position.kind === 'holder') await position.engine.close(place.lock)
      else position.membership.leave()
      await spare?.engine.close()
    },
  }
}
