import { dirname } from 'node:path'
import type { Place } from '../../errors.ts'
import { isRecord } from '../../table/untyped.ts'
import { readStack, type Stack, tableTypes } from '../cloudformation/read.ts'
import type { ReadContext, ReadTemplate, TemplateDocument, TemplateFile } from '../format.ts'
import { type Located, MissingValue, Variables } from './resolve-variables.ts'

/** Reads the tables among the resources of a service. */
export async function readService(file: TemplateFile, context: ReadContext): Promise<ReadTemplate> {
  const document = /\.[cm]?[jt]s$/i.test(file.name) ? await runScript(file, context) : await file.document()
  const variables = new Variables(document, file.path, context)
  const warnings: string[] = []
  const lost = (what: string, error: unknown): void => {
    if (!(error instanceof MissingValue)) throw error
    warnings.push(`${file.shown}: ${what} is not read: ${error.message}`)
  }
  const parts: Located[] = []
  try {
    parts.push(...(await listed(await variables.self('resources'), variables, lost)))
  } catch (error) {
    if (isRecord(document.data) && 'resources' in document.data) lost('resources', error)
  }
  const read = await readParts(parts, variables, lost, file, context)
  return { ...read, warnings: [...warnings, ...(read.warnings ?? [])] }
}

/**
 * Reads a file of resources that a service includes with `${file(...)}`. Its variables are those of the service whose
 * serverless.yml lies in its folder or above.
 */
export async function readPart(file: TemplateFile, context: ReadContext): Promise<ReadTemplate> {
  const service = serviceAbove(file, context)
  const document = await file.document()
  const variables = new Variables(await (service ?? file).document(), (service ?? file).path, context)
  const lost: Lost = (_, error) => {
    throw error
  }
  return readParts([{ value: document.data, document }], variables, lost, file, context)
}

async function readParts(
  parts: readonly Located[],
  variables: Variables,
  lost: Lost,
  file: TemplateFile,
  context: ReadContext,
): Promise<ReadTemplate> {
  const template = await templateOf(parts, variables, lost)
  const service = (await variables.textAt('service.name')) ?? (await variables.textAt('service'))
  const stackName =
    (await variables.textAt('provider.stackName')) ?? [service, await variables.stage()].filter(Boolean).join('-')
  const region = context.region ?? (await variables.textAt('provider.region'))
  return readStack({ ...template, file: file.shown, folder: dirname(file.path), stackName, region }, context)
}

async function runScript(file: TemplateFile, context: ReadContext): Promise<TemplateDocument> {
  const data = await context.run(file.path)
  return { data, placeOf: () => undefined }
}

function serviceAbove(file: TemplateFile, context: ReadContext): TemplateFile | undefined {
  for (let folder = dirname(file.path); folder.startsWith(context.root); folder = dirname(folder)) {
    for (const name of ['serverless.yml', 'serverless.yaml', 'serverless.json']) {
      const found = context.open(`${folder}/${name}`)
      if (found !== undefined && found.path !== file.path) return found
    }
    if (folder === context.root) break
  }
  return undefined
}

type Lost = (what: string, error: unknown) => void

/** The entries of a list, or a single value, each with its variable resolved. */
async function listed(
  located: Located,
  variables: Variables,
  lost: Lost,
  what = 'resources',
): Promise<readonly Located[]> {
  const { value, document } = located
  if (!Array.isArray(value)) return [located]
  const parts: Located[] = []
  for (const [index, entry] of value.entries()) {
    try {
      parts.push(await variables.shallow({ value: entry, document }))
    } catch (error) {
      lost(`${what}[${index}]`, error)
    }
  }
  return parts
}

const sections = ['Parameters', 'Mappings', 'Conditions', 'Transform']

/** The parts of `resources` as one template, with only the tables among its resources resolved. */
async function templateOf(
  parts: readonly Located[],
  variables: Variables,
  lost: Lost,
): Promise<Pick<Stack, 'template' | 'placeOf'>> {
  const resources: (readonly [string, unknown])[] = []
  const places = new Map<string | number | undefined, Place | undefined>()
  const template: Record<string, unknown> = {}
  for (const { value, document } of parts) {
    if (!isRecord(value)) continue
    for (const section of sections.filter(name => name in value)) {
      const own = await variables.deep({ value: value[section], document })
      template[section] = isRecord(own) && isRecord(template[section]) ? { ...template[section], ...own } : own
    }
    const holder: Located = 'Resources' in value ? { value: value.Resources, document } : { value, document }
    let maps: readonly Located[] = []
    try {
      maps = await listed(await variables.shallow(holder), variables, lost, 'Resources')
    } catch (error) {
      lost('Resources', error)
    }
    for (const map of maps) {
      const tables = await tablesOf(map, variables, lost)
      resources.push(...tables)
      for (const [id] of tables) places.set(id, map.document.placeOf(map.value, id))
    }
  }
  const all = Object.fromEntries(resources)
  return {
    template: { ...template, Resources: all },
    placeOf: (holder, member) => variables.placeOf(holder, member) ?? (holder === all ? places.get(member) : undefined),
  }
}

async function tablesOf(
  { value, document }: Located,
  variables: Variables,
  lost: Lost,
): Promise<readonly (readonly [string, unknown])[]> {
  const tables: [string, unknown][] = []
  for (const [id, raw] of isRecord(value) ? Object.entries(value) : []) {
    try {
      const resource = await variables.shallow({ value: raw, document })
      const isLoop = id.startsWith('Fn::ForEach::')
      const type = isRecord(resource.value) ? resource.value.Type : undefined
      if (isLoop || (typeof type === 'string' && tableTypes.includes(type)))
        tables.push([id, await variables.deep(resource)])
    } catch (error) {
      lost(id, error)
    }
  }
  return tables
}
