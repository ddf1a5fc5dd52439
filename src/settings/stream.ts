import { isRecord, memberOf, recordsOf } from '../table/untyped.ts'
import { awsBoolean, awsText, structure } from './aws-shape.ts'
import { oneOf } from './checks.ts'
import type { Setting } from './setting.ts'
import { changeOf, step, updateTable, type Work } from './step.ts'

/** The content of a stream record: the item's keys, the item after the change, before it, or both. */
export type StreamView = (typeof streamViews)[number]

export const streamViews = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'] as const

declare module '../table/definition.ts' {
  interface TableSettings {
    /** The content of stream records; `false` means no stream. */
    readonly stream?: StreamView | false | undefined
  }
}

const work: Work = {
  name: 'stream',
  expected: '4-5 s',
  leastMs: 4_000,
  isOf: ({ api, input }) => api === 'UpdateTable' && input.StreamSpecification !== undefined,
}

export const stream: Setting<'stream'> = {
  fields: {
    stream: {
      check: oneOf([...streamViews, false]),
      label: 'stream',
      description: 'The content of stream records; false means no stream.',
      otherNames: ['streamViewType'],
      ignoredBy: ['plain-dynalite'],
      flag: {
        spec: '--stream <view>',
        meaning: 'KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES',
        choices: streamViews,
      },
      // A table with replicas is created with a stream.
      asReported: (value, owner) =>
        value ?? (recordsOf(memberOf(owner, 'replicas')).length === 0 ? false : 'NEW_AND_OLD_IMAGES'),
    },
  },
  createMembers: ({ stream: view }) =>
    typeof view === 'string' ? { StreamSpecification: { StreamEnabled: true, StreamViewType: view } } : {},
  read: ({ StreamSpecification: live }) => ({
    stream: live?.StreamEnabled === true ? (live.StreamViewType ?? false) : false,
  }),
  notices: ({ stream: view }, live, target) =>
    target?.engine === 'dynalite' && typeof view === 'string' && view !== live?.stream
      ? [`stream: kept by ${target.label}, which writes no stream records`]
      : [],
  /** The view of a live stream cannot be changed: turn the stream off, wait, and turn on a new stream. */
  steps(changes, { table }) {
    const change = changeOf(changes, 'stream')
    if (change === undefined) return []
    const { from, to } = change
    const isOn = typeof from === 'string'
    const off = step(
      '-',
      `turn off the stream (${from})${typeof to === 'string' ? ', to turn it on with another view' : ''}`,
      updateTable(table, { StreamSpecification: { StreamEnabled: false } }),
      [change],
      { destroys: true, work },
    )
    if (typeof to !== 'string') return isOn ? [off] : []
    const on = step(
      '+',
      `turn on a stream (${to})${isOn ? '; it has a new ARN' : ''}`,
      updateTable(table, { StreamSpecification: { StreamEnabled: true, StreamViewType: to } }),
      [change],
      { work },
    )
    return isOn ? [off, on] : [on]
  },
  works: [work],
  aws: {
    members: { StreamSpecification: structure({ StreamEnabled: awsBoolean, StreamViewType: awsText }) },
    read({ StreamSpecification: specification }, _, report) {
      if (!isRecord(specification)) return {}
      // CloudFormation has no StreamEnabled: a view type turns the stream on.
      const { StreamEnabled: enabled = true, StreamViewType: view } = specification
      const where = 'StreamSpecification.StreamViewType'
      if (enabled === true && view === undefined) report(where, 'is missing; a stream needs it', 'S1')
      if (enabled === false && view !== undefined) report(where, 'cannot be given when StreamEnabled is false', 'S2')
      return { stream: enabled === false ? false : view }
    },
    // CloudFormation cannot turn a stream off except by leaving it out.
    write: ({ stream: view }) => (typeof view === 'string' ? { StreamSpecification: { StreamViewType: view } } : {}),
  },
}
