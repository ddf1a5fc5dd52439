import { dirname } from 'node:path'
import type { Place } from '../../../errors.ts'
import { foldersUpward } from '../../../table/project-files.ts'
import { asRecord, isRecord } from '../../../table/untyped.ts'
import { isAboutTables, readStack, type Stack } from '../cloudformation/read-stack.ts'
import type { ReadContext, ReadTemplate, TemplateDocument, TemplateFile } from '../format.ts'
import { type Located, MissingValue, Variables } from './resolve-variables.ts'

/** Reads the tables among the resources of a service. */
export async function readService(file: TemplateFile, context: ReadContext): Promise<ReadTemplate> {
  const document = await documentOf(file, context)
  const variables = new Variables(document, file.path, context)
  const warnings: string[] = []
  const orLost: OrLost = async (what, work) => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof MissingValue)) throw error
      warnings.push(`${file.shown}: ${what} is not read: ${error.message}`)
      return undefined
    }
  }
  const isGiven = isRecord(document.data) && 'resources' in document.data
  const resources = isGiven ? await orLost('resources', () => variables.self('resources')) : undefined
  const parts = resources === undefined ? [] : await listed(resources, variables, orLost)
  const read = await readParts(parts, variables, orLost, file, context)
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
  return readParts([{ value: document.data, document }], variables, (_, work) => work(), file, context)
}

async function readParts(
  parts: readonly Located[],
  variables: Variables,
  orLost: OrLost,
  file: TemplateFile,
  context: ReadContext,
): Promise<ReadTemplate> {
  const template = await templateOf(parts, variables, orLost)
  const service = (await variables.textAt('service.name')) ?? (await variables.textAt('service'))
  const stackName =
    (await variables.textAt('provider.stackName')) ?? [service, await variables.stage()].filter(Boolean).join('-')
  const region = context.region ?? (await variables.textAt('provider.region'))
  return readStack({ ...template, file: file.shown, folder: dirname(file.path), stackName, region }, context)
}

async function documentOf(file: TemplateFile, context: ReadContext): Promise<TemplateDocument> {
  if (!/\.[cm]?[jt]s$/i.test(file.name)) return file.document()
  return { data: await context.run(file.path), placeOf: () => undefined }
}

function serviceAbove(file: TemplateFile, context: ReadContext): TemplateFile | undefined {
  for (const folder of foldersUpward(dirname(file.path)).filter(each => each.startsWith(context.root))) {
    for (const name of ['serverless.yml', 'serverless.yaml', 'serverless.json']) {
      const found = context.open(`${folder}/${name}`)
      if (found !== undefined && found.path !== file.path) return found
    }
  }
  return undefined
}

/** The result of `work`; of a part without a value, a warning and `undefined`. */
type OrLost = <T>(what: string, work: () => Promise<T>) => Promise<T | undefined>

/** The entries of a list, or a single value, each with its variable resolved. */
async function listed(
  located: Located,
  variables: Variables,
  orLost: OrLost,
  what = 'resources',
): Promise<readonly Located[]> {
  const { value, document } = located
  if (!Array.isArray(value)) return [located]
  const parts: Located[] = []
  for (const [index, entry] of value.entries()) {
    const part = await orLost(`${what}[${index}]`, () => variables.shallow({ value: entry, document }))
    if (part !== undefined) parts.push(part)
  }
  return parts
}

const sections = ['Parameters', 'Mappings', 'Conditions', 'Transform']

/** The parts of `resources` as one template, with only the tables among its resources resolved. */
async function templateOf(
  parts: readonly Located[],
  variables: Variables,
  orLost: OrLost,
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
    const all = await orLost('Resources', () => variables.shallow(holder))
    const maps = all === undefined ? [] : await listed(all, variables, orLost, 'Resources')
    for (const map of maps) {
      const tables = await tablesOf(map, variables, orLost)
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
  orLost: OrLost,
): Promise<readonly (readonly [string, unknown])[]> {
  const tables: [string, unknown][] = []
  for (const [id, raw] of Object.entries(asRecord(value))) {
    await orLost(id, async () => {
      const resource = await variables.shallow({ value: raw, document })
      const { Type: type } = asRecord(resource.value)
      if (id.startsWith('Fn::ForEach::') || (typeof type === 'string' && isAboutTables(type)))
        tables.push([id, await variables.deep(resource)])
    })
  }
  return tables
}
