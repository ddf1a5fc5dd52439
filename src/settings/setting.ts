import type {
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  GlobalSecondaryIndexDescription,
  TableDescription,
} from '@aws-sdk/client-dynamodb'
import type { EngineName, Feature } from '../table/capabilities.ts'
import type { BillingMode, GlobalIndex, IndexSettings, TableDefinition, TableSettings } from '../table/definition.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import type { Rule } from '../table/rules/rule.ts'
import type { UntypedRecord } from '../table/untyped.ts'
import type { AwsShape, Report } from './aws-shape.ts'
import type { Change } from './change.ts'
import type { FieldCheck } from './checks.ts'
import type { Api, Context, Step, TableRequest, Work } from './step.ts'

/**
 * All that dynamox knows of one setting of a table. To add one, write its file and list it in the catalogue.
 * `Fields` declares the members that `TableSettings` gets from it. Every function looks only at its own part of what it is
 * given, so that code that iterates the catalogue does not depend on any one setting.
 */
export interface Setting<Fields = Readonly<Record<string, unknown>>> {
  readonly fields: { readonly [F in keyof Fields]-?: Field<NonNullable<Fields[F]>> }
  /** What AWS refuses, and what people regret. */
  readonly rules?: readonly Rule[]

  /** Its members of a CreateTable request; absent when CreateTable cannot carry it. */
  createMembers?(definition: TableDefinition, billing: BillingMode): Partial<CreateTableCommandInput>
  /** Its members of one global index, in CreateTable and UpdateTable alike. */
  createIndexMembers?(index: GlobalIndex, billing: BillingMode): Partial<GlobalSecondaryIndex>

  /** Reads it from DescribeTable; AWS leaves out what is at its default, so defaults are filled in here. */
  read?(table: TableDescription): TableSettings
  readIndex?(index: GlobalSecondaryIndexDescription, table: TableDescription): IndexSettings
  /** Reads it by a call of its own, where DescribeTable does not report it. */
  readonly followUp?: FollowUp

  /** The differences; without it each field is compared by its `isSame`. */
  compare?(sides: Sides, options: CompareOptions): readonly Change[]
  /** What is live and not in the definition, and stays: one line each. */
  leftAlone?(sides: Sides, options: CompareOptions): readonly string[]

  /** Why a change cannot be made in place, and the way out; absent where it can be. */
  reasonAgainst?(change: Change, desired: TableDefinition, live: TableDefinition): Reason | undefined

  /** The steps for its changes, before indexes are built. The catalogue's order is the order of the steps. */
  steps?(changes: readonly Change[], context: Context): readonly Step[]
  /** The steps that take minutes, or that need the new indexes. */
  stepsAfterBuilds?(changes: readonly Change[], context: Context): readonly Step[]
  /** The steps that come last: what AWS makes wait for an hour, and what guards the finished table. */
  lastSteps?(changes: readonly Change[], context: Context): readonly Step[]
  /** Whether the live table shows its part of a request; true where the request has none. */
  isCarriedOut?(request: TableRequest, live: LiveTable): boolean
  /** What its part of a request starts at AWS, when that takes more than a moment. */
  readonly works?: readonly Work[]

  /** How it is written in AWS's vocabulary: CreateTable's members, and those that CloudFormation has beside them. */
  readonly aws?: AwsSetting
}

/** One field of a setting, under the name that people write. */
export interface Field<Value = unknown> {
  readonly check: FieldCheck
  /** For people: `table class`. */
  readonly label: string
  /** One sentence for editors. */
  readonly description: string
  /** Whether global indexes have it as well. */
  readonly ofIndexes?: true
  /** What DynamoDB does by itself: a target that lacks the setting still has this. */
  readonly standard?: Value
  /** Names that other tools have for it, too far away for spelling to help. */
  readonly otherNames?: readonly string[]
  readonly flag?: SettingFlag
  /** Engines that accept and forget it, or do not know the call: not sent there, not compared. */
  readonly ignoredBy?: readonly EngineName[]
  /** The feature that an engine needs for it on a global index, where that differs from the field itself. */
  readonly indexFeature?: Feature
  /** Whether several layers are merged key by key instead of replacing each other. */
  readonly mergesByKey?: true
  /** The value for people; `on`, `off`, text or JSON without it. */
  text?(value: Value): string
  /** Whether the live value is the one that is wanted; a value that AWS does not report counts as the same. */
  isSame?(wanted: Value, live: Value | undefined, sides: Sides): boolean
}

/** A flag of `create` and `show` that sets the field. */
export interface SettingFlag {
  /** `--table-class <class>`; without a value it turns the setting on. */
  readonly spec: string
  readonly meaning: string
  /** `count` is a whole number from 1, `list` a flag that may be repeated; text otherwise. */
  readonly value?: 'count' | 'list'
  readonly choices?: readonly string[]
  /** Reads one text of a `list` flag; the entries make a map. Throws `usage`. */
  parseEntry?(text: string): readonly [key: string, value: string]
}

/** A definition and the live table that it is compared with. */
export interface Sides {
  readonly desired: TableDefinition
  readonly live: LiveTable
  /** The indexes that are on both sides and stay. */
  readonly indexes: readonly { readonly desired: GlobalIndex; readonly live: GlobalIndex }[]
}

export interface CompareOptions {
  /** Global indexes that are live and not in the definition are differences. */
  readonly dropIndexes?: boolean | undefined
  /** Tags that are live and not in the definition are differences. */
  readonly pruneTags?: boolean | undefined
}

export interface Reason {
  /** Within the definition. */
  readonly field: string
  readonly message: string
}

/** How a setting outside DescribeTable is read. */
export interface FollowUp {
  readonly field: FollowUpField
  /** How a warning calls it: `time to live`. */
  readonly title: string
  /** The requests that change it. */
  readonly requests: readonly Api[]
  read(ask: Ask, table: TableDescription): Promise<Found>
}

/** Operations that read settings, each with its input and its output. Members are declared by the settings that use them. */
// biome-ignore lint/suspicious/noEmptyInterface: its members are declared by the settings
export interface Readings {}

/**
 * Makes one call and hands its output to `found`. `absent` is what it means that DynamoDB does not find the setting.
 * A missing permission or an unknown call becomes a warning, never a failure.
 */
export type Ask = <O extends keyof Readings>(
  operation: O,
  input: Readings[O] extends { readonly input: infer Input } ? Input : never,
  found: (output: Readings[O] extends { readonly output: infer Output } ? Output : never) => Found,
  absent?: Found,
) => Promise<Found>

/** What was found; nothing when the table is too new to ask. */
export type Found =
  | {
      /** The table's value, in the field of the setting. */
      readonly settings?: TableSettings
      /** The values of global indexes, by index name. */
      readonly indexes?: Readonly<Record<string, IndexSettings>>
      /** Whether the setting is on its way. */
      readonly settling?: boolean
      readonly warnings?: readonly string[]
      /** A status that dynamox does not know: the value is unknown, and a wait for it goes on. */
      readonly unknownStatus?: string | undefined
    }
  | undefined

export interface AwsSetting {
  /** Members of a table. */
  readonly members: Readonly<Record<string, AwsShape>>
  /** Members of a global index. */
  readonly indexMembers?: Readonly<Record<string, AwsShape>>
  /** The fields, from a table, or from the global index at `parent`. The members have their shapes already. */
  read(raw: UntypedRecord, parent: string, report: Report): UntypedRecord
}
