/** From and to, in milliseconds. */
export type Range = readonly [from: number, to: number]

const s = 1_000

/** The durations seen on AWS. */
export const awsTimings = {
  create: [2 * s, 6 * s],
  createWithIndexes: [14 * s, 22 * s],
  delete: [4 * s, 6 * s],
  capacity: [1 * s, 2 * s],
  indexCapacity: [2 * s, 4 * s],
  toProvisioned: [60 * s, 98 * s],
  toOnDemand: [128 * s, 172 * s],
  stream: [4 * s, 5 * s],
  tableClass: [4 * s, 6 * s],
  encryption: [21 * s, 23 * s],
  warm: [270 * s, 510 * s],
  /** A new index: resources are allocated (table UPDATING), then items are filled in (table ACTIVE). */
  allocateIndex: [24 * s, 56 * s],
  backfillIndex: [480 * s, 1_020 * s],
  dropIndex: [3 * s, 5 * s],
  createReplica: [14 * s, 49 * s],
  dropReplica: [121 * s, 244 * s],
  ttl: [1.5 * s, 2.5 * s],
  insights: [1 * s, 16 * s],
  kinesis: [2 * s, 5 * s],
  /** After a table became ACTIVE, how long settings outside UpdateTable are still refused. */
  settleAfterCreate: [0, 3 * s],
  tagLock: [1.6 * s, 1.7 * s],
} satisfies Readonly<Record<string, Range>>

/** How long the work of the control plane takes. */
export type Timings = Readonly<Record<keyof typeof awsTimings, Range>>

/** Everything happens at once, but for the items of an index, which take as long as they take. */
export const noTimings: Timings = scaleTimings(awsTimings, 0)

function scaleTimings(timings: Timings, factor: number): Timings {
  const scaled = Object.entries(timings).map(([name, [from, to]]) => [name, [from * factor, to * factor]])
  return { ...timings, ...Object.fromEntries(scaled) }
}

/** The pace of AWS multiplied by `speed`, with its throttling and cool-downs. */
export const awsPace = (speed: number) => ({
  isOfAws: true as const,
  timings: scaleTimings(awsTimings, 1 / speed),
  random: Math.random,
  coolDown: (ms: number) => ms / speed,
  // New tables are sometimes not found for a moment.
  notFoundMs: 300 / speed,
  // Of ten changes sent at once, three to five were throttled on AWS.
  limits: { inFlight: 500, mutationsPerSecond: 5 * speed, burst: 6, describesPerSecond: 20 * speed },
})

/**
 * Work takes these milliseconds and is not throttled. Cool-downs, which last hours on AWS, last a tenth of a second:
 * code that sends two changes at once still meets them, and people do not wait.
 */
export function fixedPace(createMs: number, deleteMs: number, updateMs: number) {
  const same = (ms: number): Range => [ms, ms]
  const [create, update] = [same(createMs), same(updateMs)]
  return {
    timings: {
      ...noTimings,
      ...{ create, createWithIndexes: create, delete: same(deleteMs), capacity: update, indexCapacity: update },
      ...{ toProvisioned: update, toOnDemand: update, stream: update, tableClass: update },
    },
    coolDown: (ms: number) => Math.min(ms, 100),
  }
}
