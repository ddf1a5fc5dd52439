import type { Place, Problem } from '../../errors.ts'
import type { Assumption } from '../../table/definition.ts'
import type { EnvironmentVariables } from '../../table/environment-variable.ts'
import type { TemplateInputs } from '../../table/input.ts'
import type { UntypedRecord } from '../../table/untyped.ts'

/** A parsed template. */
export interface TemplateDocument {
  /** Plain data; a CloudFormation tag is its long form, and any other tag stays visible, as `{ '!Foo': x }`. */
  readonly data: unknown
  /** Where an object or list of `data`, or the key of one of its members, stands. */
  placeOf(holder: unknown, member?: string | number): Place | undefined
}

/** A file or folder that may be a template; everything is read when it is first asked for. */
export interface TemplateFile {
  /** Absolute. */
  readonly path: string
  /** As messages name it. */
  readonly shown: string
  /** The last part of the path. */
  readonly name: string
  readonly isFolder: boolean
  /** The names of a folder's files and folders, sorted; empty for a file. */
  entries(): readonly string[]
  /** The text, without a byte order mark; `''` for a folder. @throws DynamoxError `model` */
  text(): string
  /** The text as JSON or YAML with CloudFormation's tags. @throws DynamoxError `model`, with line and column */
  document(): Promise<TemplateDocument>
}

/** How a script of another tool is run. */
export interface ScriptOptions {
  /** This export instead of all; a function is called. */
  readonly member?: string | undefined
  /** The stage, for functions that ask for it. */
  readonly stage?: string | undefined
  /** Stand-ins for the globals of this tool note what the script makes; that is the result. */
  readonly record?: 'sst' | undefined
}

/** The inputs, files and scripts that a format may use while it reads. It never touches the network. */
export interface ReadContext {
  readonly inputs: TemplateInputs
  /** Environment variables. */
  readonly env: EnvironmentVariables
  /** From `--region`, the config and the environment. */
  readonly region?: string | undefined
  /** The config's only allowed account. */
  readonly accountId?: string | undefined
  /** The folder that files are read from. */
  readonly root: string
  /**
   * A file or folder that the template names, or a variable file that the user named; `undefined` when it does not exist.
   * @throws DynamoxError `model` when it, or what its links lead to, lies outside the project
   */
  open(path: string): TemplateFile | undefined
  /** The default export of a script, as plain data. It runs in the loader's worker. @throws DynamoxError `model` */
  run(path: string, options?: ScriptOptions): Promise<unknown>
  /** A path as messages name it. */
  shown(path: string): string
}

/** A table of a template. */
export interface TemplateTable {
  /** Its logical id, label or key in the template. */
  readonly id: string
  /** The vocabulary of `input`: CreateTable's with CloudFormation's additions, or dynamox's own. */
  readonly shape: 'create-table' | 'dynamox'
  readonly input: UntypedRecord
  /** Fields that `input` has no members for, in dynamox's words: `replicas`. */
  readonly layer?: UntypedRecord | undefined
  /** Where the table stands. */
  readonly place?: Place | undefined
  /** Problems of parts that `input` holds in other words; the table is then not read further. */
  readonly problems?: readonly Problem[] | undefined
  /** Where a part of `input`, or of what has `problems`, stands: `KeySchema[0]`, `GlobalSecondaryIndexes.by-at.Projection`. */
  readonly placeOf?: ((path: string) => Place | undefined) | undefined
  readonly assumed?: readonly Assumption[] | undefined
  /** Sample items, which become seed data. */
  readonly items?: readonly unknown[] | undefined
  /** Sentences about this table, such as why its name is a placeholder. */
  readonly warnings?: readonly string[] | undefined
}

/** A table that cannot be read, while others of its template can. */
export interface SkippedTable {
  readonly id: string
  readonly reason: string
  readonly place?: Place | undefined
}

/** The tables of a template; members that are left out are empty. */
export interface ReadTemplate {
  readonly tables?: readonly TemplateTable[] | undefined
  readonly skipped?: readonly SkippedTable[] | undefined
  /** Sentences that are not about one table. */
  readonly warnings?: readonly string[] | undefined
  /** The names of all parameters or variables that it takes from `inputs`. */
  readonly parameters?: readonly string[] | undefined
}

/** A kind of template that tables are read from. Its parser is loaded by `read`, not with this object. */
export interface Format {
  /** As `source.adapter` names it. */
  readonly name: string
  /** For people: `CloudFormation template`. */
  readonly title: string
  /** Whether this is a template of the format; looks at names and text, and at `document()` only if the text fits. */
  matches(file: TemplateFile): boolean | Promise<boolean>
  /** @throws DynamoxError `model` when nothing of the template can be read */
  read(file: TemplateFile, context: ReadContext): Promise<ReadTemplate>
}

/** The results of several parts of a template as one. */
export function joined(parts: readonly ReadTemplate[]): ReadTemplate {
  return {
    tables: parts.flatMap(({ tables = [] }) => tables),
    skipped: parts.flatMap(({ skipped = [] }) => skipped),
    warnings: parts.flatMap(({ warnings = [] }) => warnings),
  }
}

/** The `problems` of a table of which an index has no name, or two indexes have the same. */
export function indexNameProblems(names: readonly unknown[]): readonly Problem[] {
  const isUnnamed = names.some(name => typeof name !== 'string' || name === '')
  const twice = names.find((each, index) => names.indexOf(each) !== index)
  if (isUnnamed) return [{ path: '', message: 'an index has no name' }]
  return twice === undefined ? [] : [{ path: '', message: `two indexes are called ${String(twice)}` }]
}
