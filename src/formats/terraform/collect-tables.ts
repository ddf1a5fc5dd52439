import type { ReadTemplate, SkippedTable, TemplateFile, TemplateTable } from '../format.ts'
import { nameTable } from '../name-table.ts'
import { isCloudposseModule } from './cloudposse-module.ts'
import { type Companion, companionsOf, withCompanions } from './companions.ts'
import type { Block } from './load-module.ts'
import {
  childOf,
  evaluateBody,
  type Instance,
  instancesOf,
  instantiateCall,
  isInstances,
  type ModuleInstance,
  type ModuleRun,
} from './module-instance.ts'
import { defaultTags } from './provider.ts'
import { isRegistryModule } from './read-modules.ts'
import { registryTables } from './registry-module.ts'
import { toCreateTable } from './to-create-table.ts'
import { isMap, isUnknown, needsOf, type Value, type ValueMap } from './value.ts'

/** The tables of a module and of the modules that it calls. Of a file that was named alone, only its own. */
export function collectTables(instance: ModuleInstance, run: ModuleRun, file: TemplateFile): ReadTemplate {
  const isOwn = ({ place }: Block) => file.isFolder || instance.path.length > 0 || place.file === file.shown
  const companions = companionsOf(instance)
  const results = instance.module.blocks.filter(isOwn).map(block => {
    if (block.labels[0] === 'module') return ofCall(block, instance, run, file)
    return block.labels[1] === 'aws_dynamodb_table' ? ofResource(block, instance, run, file, companions) : nothing
  })
  return {
    tables: results.flatMap(({ tables }) => tables),
    skipped: results.flatMap(({ skipped }) => skipped),
    warnings: [...instance.module.warnings, ...results.flatMap(({ warnings }) => warnings)],
  }
}

const nothing: ReadTemplate = { tables: [], skipped: [], warnings: [] }

/** A table before its conversion. */
export interface Evaluated {
  /** Its address: `module.orders.aws_dynamodb_table.this["eu"]`. */
  readonly address: string
  /** The placeholder for its name: the modules, the label and the key. */
  readonly label: string
  readonly values: ValueMap
  readonly place?: Block['place'] | undefined
  readonly placeOf?: Block['placeOf']
}

/** A table's definition, or the reason why it cannot be read. */
export function convertTable(
  { address, label, values, place, placeOf }: Evaluated,
  inputs: ModuleRun['context']['inputs'],
  file: string,
): ReadTemplate {
  const converted = toCreateTable(values)
  if (typeof converted === 'string') return { ...nothing, skipped: [{ id: address, reason: converted, place }] }
  const { name: given = null } = values
  const naming = nameTable({
    id: label,
    aliases: [address],
    name: typeof given === 'string' && given !== '' ? given : undefined,
    why: whyNameless(given),
    stack: inputs.stackName,
    inputs,
    file,
  })
  const table: TemplateTable = {
    id: address,
    shape: 'create-table',
    input: { TableName: naming.name, ...converted.input },
    layer: converted.layer,
    place,
    ...(placeOf === undefined ? {} : { placeOf }),
    assumed: converted.assumed,
    warnings: [...naming.warnings, ...converted.warnings.map(text => `${naming.name}: ${text}`)],
  }
  return { ...nothing, tables: [table] }
}

/** `its name needs var.stage; give it with --var stage=...`. */
function whyNameless(name: Value): string {
  const needs = [...new Set(needsOf(name))]
  if (needs.length === 0) return 'it has no name'
  const variables = needs.flatMap(need => /^var\.([\w-]+)$/.exec(need)?.[1] ?? [])
  const give = variables.map(variable => `--var ${variable}=...`).join(' ')
  return `its name needs ${needs.join(' and ')}${variables.length === needs.length ? `; give it with ${give}` : ''}`
}

function ofResource(
  block: Block,
  instance: ModuleInstance,
  run: ModuleRun,
  file: TemplateFile,
  companions: readonly Companion[],
): ReadTemplate {
  const [, , label = ''] = block.labels
  return ofInstances(block, instance, `aws_dynamodb_table.${label}`, label, each => {
    const own = evaluateBody(block.body, each.scope)
    const mine = companions.filter(({ target }) => isFor(target, label, each.key, own.name))
    const defaults = defaultTags(block, instance)
    const values = withCompanions(defaults === undefined ? own : { ...own, tags: mergedTags(defaults, own.tags) }, mine)
    return evaluated => convertTable({ ...evaluated, values }, run.context.inputs, file.shown)
  })
}

function isFor(target: Companion['target'], label: string, key: Instance['key'], name: Value | undefined): boolean {
  if (target === undefined) return false
  return typeof target === 'string' ? target === name : target.label === label && target.key === String(key ?? '')
}

function mergedTags(defaults: Value, own: Value | undefined): Value {
  if (own === undefined || own === null) return defaults
  if (isUnknown(own)) return own
  return isMap(defaults) && isMap(own) ? { ...defaults, ...own } : own
}

function ofCall(block: Block, instance: ModuleInstance, run: ModuleRun, file: TemplateFile): ReadTemplate {
  const [, name = ''] = block.labels
  const child = childOf(block, instance, run)
  const address = `module.${name}`
  if (child === undefined || (typeof child === 'string' && isKnown(block)))
    return ofDistantCall(block, instance, run, file, address)
  if (typeof child === 'string') return mentionsTables(block) ? skip(block, instance, address, child) : nothing
  return ofInstances(block, instance, address, name, each => () => {
    const made = instantiateCall(block, each, child, instance, run)
    return collectTables(made, run, file)
  })
}

/** Whether a call is of a module of the registry that is known. Copies of it are recognised by their arguments. */
function isKnown(block: Block): boolean {
  const { body } = block
  if (isRegistryModule(block) || isCloudposseModule(String(body.source))) return true
  return 'hash_key' in body && ('attributes' in body || 'create_table' in body)
}

/** A call of a module whose files are not here. */
function ofDistantCall(
  block: Block,
  instance: ModuleInstance,
  run: ModuleRun,
  file: TemplateFile,
  address: string,
): ReadTemplate {
  const [, name = ''] = block.labels
  const { body } = block
  if (!isKnown(block)) {
    const source = String(body.source)
    const reason = `the module ${source} is not in the project; run terraform init, or give the output of terraform show -json`
    return mentionsTables(block) ? skip(block, instance, address, reason) : nothing
  }
  return ofInstances(block, instance, address, name, each => evaluated => {
    const args = evaluateBody(body, each.scope)
    return joined(
      registryTables(args, String(body.source)).map(({ key, values, off }) => {
        const id = key === '' ? evaluated.address : `${evaluated.address}.module.wrapper["${key}"]`
        if (off !== undefined) return { ...nothing, skipped: [{ id, reason: off, place: block.place }] }
        const label = key === '' ? evaluated.label : `${evaluated.label}-${key}`
        return convertTable({ ...evaluated, address: id, label, values }, run.context.inputs, file.shown)
      }),
    )
  })
}

// Modules without tables are skipped, whether they can be read or not.
function mentionsTables({ body }: Block): boolean {
  return /dynamo/i.test(String(body.source)) || 'hash_key' in body || 'partition_key' in body
}

type Named = Omit<Evaluated, 'values'>

/** The tables of each instance of a block. */
function ofInstances(
  block: Block,
  instance: ModuleInstance,
  address: string,
  label: string,
  read: (each: Instance) => (named: Named) => ReadTemplate,
): ReadTemplate {
  const instances = instancesOf(block, instance.scope)
  if (!isInstances(instances))
    return skip(block, instance, address, `for_each needs ${needsOf(instances).join(' and ')}`)
  if (instances.length === 0 && block.labels[0] === 'resource')
    return skip(block, instance, address, block.body.count === undefined ? 'for_each is empty' : 'count is 0')
  return joined(
    instances.map(each => {
      const key = each.key === undefined ? '' : `[${JSON.stringify(each.key)}]`
      const suffix = each.key === undefined || instances.length === 1 ? '' : `-${each.key}`
      return read(each)({
        address: [...instance.path.map(call => `module.${call}`), `${address}${key}`].join('.'),
        label: [...instance.path, `${label}${suffix}`].join('-').replace(/["[\]]+-?/g, '-'),
        place: block.place,
        placeOf: block.placeOf,
      })
    }),
  )
}

function joined(parts: readonly ReadTemplate[]): ReadTemplate {
  return {
    tables: parts.flatMap(({ tables }) => tables),
    skipped: parts.flatMap(({ skipped }) => skipped),
    warnings: parts.flatMap(({ warnings }) => warnings),
  }
}

function skip({ place }: Block, { path }: ModuleInstance, address: string, reason: string): ReadTemplate {
  const id = [...path.map(call => `module.${call}`), address].join('.')
  const skipped: SkippedTable = { id, reason, place }
  return { ...nothing, skipped: [skipped] }
}
