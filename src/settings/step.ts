import type {
  CreateTableCommandInput,
  DeleteResourcePolicyCommandInput,
  DeleteTableCommandInput,
  DisableKinesisStreamingDestinationCommandInput,
  EnableKinesisStreamingDestinationCommandInput,
  PutResourcePolicyCommandInput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
  UpdateContinuousBackupsCommandInput,
  UpdateContributorInsightsCommandInput,
  UpdateKinesisStreamingDestinationCommandInput,
  UpdateTableCommandInput,
  UpdateTimeToLiveCommandInput,
} from '@aws-sdk/client-dynamodb'
import type { FollowUpField } from '../table/live.ts'
import type { Change } from './change.ts'

interface Inputs {
  CreateTable: CreateTableCommandInput
  UpdateTable: UpdateTableCommandInput
  DeleteTable: DeleteTableCommandInput
  UpdateTimeToLive: UpdateTimeToLiveCommandInput
  UpdateContinuousBackups: UpdateContinuousBackupsCommandInput
  TagResource: TagResourceCommandInput
  UntagResource: UntagResourceCommandInput
  PutResourcePolicy: PutResourcePolicyCommandInput
  DeleteResourcePolicy: DeleteResourcePolicyCommandInput
  UpdateContributorInsights: UpdateContributorInsightsCommandInput
  EnableKinesisStreamingDestination: EnableKinesisStreamingDestinationCommandInput
  DisableKinesisStreamingDestination: DisableKinesisStreamingDestinationCommandInput
  UpdateKinesisStreamingDestination: UpdateKinesisStreamingDestinationCommandInput
}

export type Api = keyof Inputs

/** One call to DynamoDB, exactly as it will be sent: the operation's name and its input. */
export type TableRequest = { readonly [A in Api]: { readonly api: A; readonly input: Inputs[A] } }[Api]

/** What must hold after a step before the next may start. Data, so that a plan survives JSON. */
export type Until =
  /** The table and every index ACTIVE, and encryption, warm throughput and replicas settled. */
  | { readonly kind: 'ready' }
  /** DescribeTable answers not found. */
  | { readonly kind: 'gone' }
  /** The index is no longer listed. */
  | { readonly kind: 'index-gone'; readonly index: string }
  /** A follow-up setting has left its transient state, and what is read of it is what was asked for. */
  | { readonly kind: 'setting'; readonly field: FollowUpField }
  /** The call's own answer is all there is to wait for. */
  | { readonly kind: 'answered' }

export interface Step {
  /** `+` makes, `-` drops, `~` changes. */
  readonly sign: '+' | '-' | '~'
  /** For people: `create table users (pk S, sk S)`. */
  readonly summary: string
  readonly request: TableRequest
  readonly until: Until
  /** What caused it; empty for the step that creates or deletes the whole table. */
  readonly changes: readonly Change[]
  /** Whether it destroys something and so needs consent. */
  readonly destroys: boolean
  /** What AWS is known to take, for people: `2-6 s`, `8-17 min`. */
  readonly expected?: string | undefined
  /** Budgets that it uses up, for people: `one of 2 table class changes in 30 days`. */
  readonly uses?: readonly string[] | undefined
}
