import type {
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  GlobalSecondaryIndexDescription,
  TableDescription,
} from '@aws-sdk/client-dynamodb'
import type { Capabilities, EngineName, Feature } from '../table/capabilities.ts'
import type { BillingMode, GlobalIndex, IndexSettings, TableDefinition, TableSettings } from '../table/definition.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import type { Rule } from '../table/rules/rule.ts'
import type { UntypedRecord } from '../table/untyped.ts'
import type { Input, Operation, Output } from './aws-operations.ts'
import type { AwsShape, Report } from './aws-shape.ts'
import type { Change } from './change.ts'
import type { FieldCheck } from './checks.ts'
import type { Api, Context, Step, TableRequest, Work } from './step.ts'

/**
 * Everything dynamox knows about one table setting. To add one, write its file and list it in the catalogue. `Name` is
 * the fields that it declares in `TableSettings`. Each function reads only its own part of its arguments, so that
 * code that iterates over the catalogue does not depend on a particular setting.
 */
export interface Setting<Name extends string = string> {
  readonly fields: {
    readonly [F in Name]: Field<F extends keyof TableSettings ? NonNullable<TableSettings[F]> : unknown>
  }
  /** Rules for values that AWS refuses, and warnings about values that people regret. */
  readonly rules?: readonly Rule[]

  /** Its members of a CreateTable request; absent when CreateTable cannot carry it. */
  createMembers?(definition: TableDefinition, billing: BillingMode): Partial<CreateTableCommandInput>
  /** Its members of one global index, in both CreateTable and UpdateTable. */
  createIndexMembers?(index: GlobalIndex, billing: BillingMode): Partial<GlobalSecondaryIndex>

  /** Reads it from DescribeTable; AWS leaves out what is at its default, so defaults are filled in here. */
  read?(table: TableDescription): TableSettings
  readIndex?(index: GlobalSecondaryIndexDescription): IndexSettings
  /** Reads it with a separate call, when DescribeTable does not report it. */
  readonly followUp?: FollowUp

  /** The differences; by default those of each field. */
  compare?(sides: Sides, options: CompareOptions): readonly Change[]
  /** Live values that are not in the definition and stay, one line each. */
  leftAlone?(sides: Sides, options: CompareOptions): readonly string[]

  /** Why a change cannot be made in place, with a hint; `undefined` when it can be. */
  reasonAgainst?(change: Change, desired: TableDefinition, live: LiveTable): Reason | undefined
  /** Why a table of this definition cannot be created; `undefined` when it can. */
  reasonAgainstCreation?(desired: TableDefinition, region: string | undefined): Reason | undefined
  /** Side effects of a plan, and what the target makes of this setting, one line each. */
  notices?(
    desired: TableDefinition,
    live: TableDefinition | undefined,
    target: Capabilities | undefined,
  ): readonly string[]
  /** The changes that a new table still needs after CreateTable; by default each field that CreateTable cannot carry. */
  afterCreation?(desired: TableDefinition): readonly Change[]

  /** The steps before all others: they remove what would make later steps fail. */
  firstSteps?(changes: readonly Change[], context: Context): readonly Step[]
  /** The steps for its changes, before indexes are built. The catalogue's order is the order of the steps. */
  steps?(changes: readonly Change[], context: Context): readonly Step[]
  /** The steps that take minutes, or that need the new indexes. */
  stepsAfterBuilds?(changes: readonly Change[], context: Context): readonly Step[]
  /** The steps that come last: changes that AWS delays for an hour, and protection of the finished table. */
  lastSteps?(changes: readonly Change[], context: Context): readonly Step[]
  /**
   * Whether the live table shows its part of a request; true where the request has none. By default each field that
   * `aws.read` finds in the request is compared.
   */
  isCarriedOut?(request: TableRequest, live: LiveTable): boolean
  /** The kinds of work that its requests start at AWS, when they take more than a moment. */
  readonly works?: readonly Work[]

  /** How it is written in AWS's vocabulary: the members of CreateTable and of CloudFormation. */
  readonly aws?: AwsSetting
}

/** One field of a setting, by the name used in definitions. */
export interface Field<Value = unknown> {
  readonly check: FieldCheck
  /** The name in messages: `table class`. */
  readonly label: string
  /** One sentence for editors. */
  readonly description: string
  /** Whether global indexes also have it. */
  readonly ofIndexes?: true
  /** DynamoDB's default; a target without the setting behaves as if it had this value. */
  readonly standard?: Value
  /** Names that other tools use for it, too different for spelling suggestions. */
  readonly otherNames?: readonly string[]
  readonly flag?: SettingFlag
  /** Engines that accept it without keeping it, or do not know the call. It is not sent to them and not compared. */
  readonly ignoredBy?: readonly EngineName[]
  /** The feature that an engine needs for it on a global index, when that differs from the field itself. */
  readonly indexFeature?: Feature
  /** Whether several layers are merged key by key instead of replacing each other; `fields`: and each entry field by field. */
  readonly mergesByKey?: true | 'fields'
  /** Turns the short forms of a valid value into the form that definitions hold, which is valid input as well. */
  parse?(value: unknown): Value
  /** Formats the value for messages; by default `on`, `off`, text or JSON. */
  text?(value: Value): string
  /**
   * The value that AWS reports for a table created with this one; `undefined` stands for a field that is left out. When
   * absent, that becomes `standard`, or `false` where the field can be false.
   */
  asReported?(value: Value | undefined, owner: IndexSettings, billing: BillingMode): Value | undefined
  /**
   * Whether the live value matches the wanted one; a value that AWS does not report counts as equal. When absent, the
   * two are equal, and a missing live value stands for `standard`, or off.
   */
  isSame?(wanted: Value, live: Value | undefined, sides: Sides): boolean
}

/** A flag of `create` and `show` that sets the field. */
export interface SettingFlag {
  /** `--table-class <class>`; without a value it turns the setting on. */
  readonly spec: string
  readonly meaning: string
  /** `count`: a whole number from 1. `list`: a flag that may be repeated. Text when left out. */
  readonly value?: 'count' | 'list'
  readonly choices?: readonly string[]
  /** Reads one text of a `list` flag; the entries make a map. Throws `usage`. */
  parseEntry?(text: string): readonly [key: string, value: string]
}

/** A definition and the live table to compare it with. */
export interface Sides {
  readonly desired: TableDefinition
  readonly live: LiveTable
  /** The indexes that exist on both sides and stay. */
  readonly indexes: readonly { readonly desired: GlobalIndex; readonly live: GlobalIndex }[]
}

export interface CompareOptions {
  /** Report live global indexes that are not in the definition as differences. */
  readonly dropIndexes?: boolean | undefined
  /** Report live tags that are not in the definition as differences. */
  readonly pruneTags?: boolean | undefined
  /** Both sides are definitions: values are compared as they are, not as a target reports them. */
  readonly exact?: boolean | undefined
}

export interface Reason {
  /** Within the definition. */
  readonly field: string
  readonly message: string
}

/** How a setting outside DescribeTable is read. */
export interface FollowUp {
  readonly field: FollowUpField
  /** Its name in warnings: `time to live`. */
  readonly title: string
  /** The requests that change it. */
  readonly requests: readonly Api[]
  read(ask: Ask, table: TableDescription): Promise<Found>
}

/**
 * Makes one call and passes its output to `found`. `absent` is the result when DynamoDB does not find the setting. A
 * missing permission or an unknown call becomes a warning, never a failure.
 */
export type Ask = <O extends Operation>(
  operation: O,
  input: Input<O>,
  found: (output: Output<O>) => Found,
  absent?: Found,
  /** Another region than the table's own: the one of a replica. */
  region?: string,
) => Promise<Found>

/** The values that were read; empty when the table is too new to ask. */
export type Found =
  | {
      /** The table's value, in the field of the setting. */
      readonly settings?: TableSettings
      /** The values of global indexes, by index name. */
      readonly indexes?: Readonly<Record<string, IndexSettings>>
      /** Whether the setting is still changing. */
      readonly settling?: boolean
      readonly warnings?: readonly string[]
      /** A status that dynamox does not know. The value is then unknown, and a wait continues. */
      readonly unknownStatus?: string | undefined
    }
  | undefined

export interface AwsSetting {
  /** Members of a table. */
  readonly members: Readonly<Record<string, AwsShape>>
  /** Members of a global index. */
  readonly indexMembers?: Readonly<Record<string, AwsShape>>
  /**
   * Reads the fields from a table, or from the global index at `parent`. The shapes of the members were already
   * checked.
   */
  read(raw: UntypedRecord, parent: string, report: Report): UntypedRecord
  /**
   * The members that CloudFormation has for the fields of a table or of a global index: the reverse of `read`. Absent
   * when they are those of CreateTable.
   */
  write?(owner: TableSettings): UntypedRecord
}
