import { readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { plainData } from '../adapters/adapter.ts'
import { readCreateTable } from '../adapters/read-create-table.ts'
import { DynamoxError, isDynamoxError, type Place, type Problem } from '../errors.ts'
import type { Format, ReadContext, TemplateDocument, TemplateFile, TemplateTable } from '../formats/read/format.ts'
import type { SourcedTable, TemplateInputs } from '../table/input.ts'
import { at, placeText } from '../table/problems.ts'
import { isFolder, isWithin } from '../table/project-files.ts'
import { escapeRegExp, refuseLarger } from '../table/text.ts'
import type { UntypedRecord } from '../table/untyped.ts'
import { projectRoot } from './find-config.ts'
import type { Loader } from './loader.ts'
import { failedFile, type LoadedFile } from './messages.ts'
import { readText, refuseDeep } from './parse-data.ts'
import { parseTemplate } from './parse-template.ts'
import { processVariables } from './process-variables.ts'
import { shownPath } from './shown-path.ts'

/** Values for templates, from options and config. */
export interface TemplateContext {
  readonly inputs: TemplateInputs
  readonly region?: string | undefined
  readonly accountId?: string | undefined
  /** The inputs of the command line alone. */
  readonly given?: TemplateInputs | undefined
  /** Whether a table that cannot be read is an error although others can. */
  readonly strict?: boolean | undefined
  /** The files that templates lead to are added here. */
  readonly opened?: Set<string> | undefined
}

/** A file or folder as a format sees it. Nothing is read yet. */
export function templateFile(path: string, cwd: string): TemplateFile {
  const shown = shownPath(path, cwd)
  const isHere = isFolder(path)
  let text: string | undefined
  let document: Promise<TemplateDocument> | undefined
  const read = () => {
    text ??= isHere ? '' : readText(path, { code: 'model', file: shown })
    return text
  }
  return {
    path,
    shown,
    name: basename(path),
    isFolder: isHere,
    entries: () => (isHere ? readdirSync(path).sort() : []),
    text: read,
    document() {
      document ??= parseTemplate(read(), path, shown)
      return document
    },
  }
}

// A larger one takes more than seconds to compile.
const largestScript = 1_000_000

/** Reads the tables of one template. */
export async function readTemplate(
  format: Format,
  file: TemplateFile,
  cwd: string,
  values: TemplateContext,
  loader: Pick<Loader, 'script'>,
): Promise<LoadedFile> {
  const { inputs, region, accountId, opened } = values
  const root = projectRoot(file.path, cwd)
  const env = processVariables()
  const context: ReadContext = {
    inputs,
    env,
    region: region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined),
    accountId,
    root,
    open(path) {
      const found = openInside(path, root, cwd, file, inputs.variableFiles)
      // A file of a Terraform module looks at its own folder.
      if (found !== undefined && ![file.path, dirname(file.path)].includes(found.path)) opened?.add(found.path)
      return found
    },
    async run(path, options) {
      const script = templateFile(path, cwd)
      refuseLarger(script.text(), largestScript, script.shown)
      refuseDeep(script.text(), { code: 'model', file: script.shown })
      return loader.script(path, options)
    },
    shown: path => shownPath(path, cwd),
  }
  try {
    const { tables = [], skipped = [], warnings = [], parameters } = await format.read(file, context)
    const foundPlace = placeFinder(file)
    const results = tables.map(table => ({
      ...sourcedTable({ ...table, place: table.place ?? foundPlace(table.id) }, format, file),
      warnings: table.warnings ?? [],
    }))
    const lost = skipped.map(({ id, reason, place = foundPlace(id) }) => lostTable(id, reason, place, file))
    return {
      ...failedFile(file.path),
      isTemplate: true,
      tables: results.flatMap(({ table }) => table ?? []),
      problems: [...lost, ...results.flatMap(({ problems }) => problems)],
      warnings: [...warnings, ...results.flatMap(({ table, warnings: own }) => (table === undefined ? [] : own))],
      parameters,
      ...(tables.length + skipped.length === 0 ? { empty: `is a ${format.title} without DynamoDB tables` } : {}),
    }
  } catch (error) {
    if (!isDynamoxError(error)) throw error
    return { ...failedFile(file.path, error), isTemplate: true }
  }
}

interface SourcedResult {
  readonly table?: SourcedTable
  readonly problems: readonly Problem[]
}

function sourcedTable(table: TemplateTable, format: Format, file: TemplateFile): SourcedResult {
  const { id, shape, place, assumed = [], items } = table
  const { line, column } = place ?? {}
  const source = { file: place?.file ?? file.shown, export: id, adapter: format.name, line, column }
  try {
    const raw = plainData(table.input, id) as UntypedRecord
    const { problems: own = [] } = table
    const isRead = shape === 'dynamox' || own.length > 0
    const { input, problems } = isRead ? { input: raw, problems: own } : readCreateTable(raw, '')
    if (problems.length > 0) return { problems: problems.map(problem => located(problem, table, file)) }
    return { table: { input: { ...input, ...table.layer }, source, assumed, items, place }, problems: [] }
  } catch (error) {
    if (!isDynamoxError(error)) throw error
    const { problems = [{ path: '', message: error.message }] } = error
    return { problems: problems.map(problem => ({ ...problem, ...lostTable(id, problem.message, place, file) })) }
  }
}

/** A problem of a whole table. */
const lostTable = (id: string, message: string, place: Place | undefined, file: TemplateFile): Problem => ({
  path: `${startOf(place, file)} ${id}`,
  message,
  place,
})

/** Finds the first place in a script or in data that has a table's name or id; else the file's first line. */
function placeFinder(file: TemplateFile): (id: string) => Place | undefined {
  if (file.isFolder) return () => undefined
  let lines: readonly string[] | undefined
  return id => {
    // A search of more text would take seconds for thousands of tables.
    lines ??= file.text().slice(0, maxSearched).split(/\r?\n/)
    const word = new RegExp(`(?<![\\w-])${escapeRegExp(id)}(?![\\w-])`)
    const found = lines.findIndex(line => line.includes(id) && word.test(line))
    const source = lines[Math.max(0, found)] ?? ''
    return { file: file.shown, line: Math.max(0, found) + 1, column: found < 0 ? 1 : source.search(word) + 1, source }
  }
}

const maxSearched = 100_000

/** A problem with the place of the part that has it. */
function located(problem: Problem, { id, place, placeOf }: TemplateTable, file: TemplateFile): Problem {
  const exact = placeOf?.(problem.path) ?? place
  return { ...problem, path: at(`${startOf(exact, file)} ${id}`, problem.path), place: exact }
}

/** `template.yaml:12:5`; the file alone when the place is not known. */
function startOf(place: Place | undefined, { shown }: TemplateFile): string {
  return place === undefined ? shown : placeText(place)
}

/** A template may only lead to files of its own project: it may come from someone else. */
function openInside(
  path: string,
  root: string,
  cwd: string,
  from: TemplateFile,
  named: readonly string[] = [],
): TemplateFile | undefined {
  const full = resolve(from.isFolder ? from.path : dirname(from.path), path)
  if (named.includes(full)) return templateFile(full, cwd)
  const refuse = () =>
    new DynamoxError('model', `${from.shown} leads to ${path}, which is outside the project`, {
      hint: `files are read from ${shownPath(root, cwd)} only`,
    })
  if (!isWithin(full, root)) throw refuse()
  if (statSync(full, { throwIfNoEntry: false }) === undefined) return undefined
  if (!isWithin(realpathSync(full), realpathSync(root))) throw refuse()
  return templateFile(full, cwd)
}
