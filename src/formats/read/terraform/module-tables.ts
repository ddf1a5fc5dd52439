import { suggestion } from '../../../table/did-you-mean.ts'
import { joined, type ReadTemplate, type TemplateFile } from '../format.ts'
import { type Companion, companionsOf, companionTargets, withCompanions } from './companions.ts'
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
import { type EvaluatedTable, readTable } from './read-table.ts'
import { isCloudposseModule, isLocalModule, isRegistryModule, registryTables } from './registry-module.ts'
import { isMap, isUnknown, needsOf, type Value } from './value.ts'

/** A module that is being read. */
interface Reading {
  readonly instance: ModuleInstance
  readonly run: ModuleRun
  /** The file or folder that was named. */
  readonly file: TemplateFile
}

/** The tables of a module and of the modules that it calls. Of a file that was named alone, only its own. */
export function moduleTables(instance: ModuleInstance, run: ModuleRun, file: TemplateFile): ReadTemplate {
  const reading = { instance, run, file }
  const isOwn = ({ place }: Block) => file.isFolder || instance.path.length > 0 || place.file === file.shown
  const companions = companionsOf(instance)
  const results = instance.module.blocks.filter(isOwn).map(block => {
    if (block.labels[0] === 'module') return ofCall(block, reading)
    const [kind, type = '', label = ''] = block.labels
    if (type === 'aws_dynamodb_table') return ofResource(block, reading, companions)
    const isUnknownType = kind === 'resource' && type.startsWith('aws_dynamodb') && !resourceTypes.includes(type)
    const meant = isUnknownType ? suggestion(type, resourceTypes) : ''
    return meant === '' ? {} : skip(block, reading, `${type}.${label}`, `"${type}" is not a resource type${meant}`)
  })
  return joined([{ warnings: instance.module.warnings }, ...results])
}

/** The provider's resource types for DynamoDB. */
const resourceTypes = [
  ...['aws_dynamodb_table', 'aws_dynamodb_table_item', 'aws_dynamodb_table_export', 'aws_dynamodb_global_table'],
  ...Object.keys(companionTargets),
]

function ofResource(block: Block, reading: Reading, companions: readonly Companion[]): ReadTemplate {
  const [, , label = ''] = block.labels
  return ofInstances(block, reading, `aws_dynamodb_table.${label}`, label, (each, named) => {
    const own = evaluateBody(block.body, each.scope)
    const mine = companions.filter(({ target }) => isFor(target, label, each.key, own.name))
    const defaults = defaultTags(block, reading.instance)
    const full = defaults === undefined ? own : { ...own, tags: mergedTags(defaults, own.tags) }
    return converted({ ...named, values: withCompanions(full, mine) }, reading)
  })
}

const converted = (table: EvaluatedTable, { run, file }: Reading): ReadTemplate =>
  readTable(table, run.context.inputs, file.shown)

function isFor(target: Companion['target'], label: string, key: Instance['key'], name: Value | undefined): boolean {
  if (target === undefined) return false
  return typeof target === 'string' ? target === name : target.label === label && target.key === String(key ?? '')
}

function mergedTags(defaults: Value, own: Value | undefined): Value {
  if (own === undefined || own === null) return defaults
  if (isUnknown(own)) return own
  return isMap(defaults) && isMap(own) ? { ...defaults, ...own } : own
}

function ofCall(block: Block, reading: Reading): ReadTemplate {
  const { instance, run, file } = reading
  const [, name = ''] = block.labels
  const child = childOf(block, instance, run)
  if (child === undefined || typeof child === 'string') return ofDistantCall(block, reading, child)
  return ofInstances(block, reading, `module.${name}`, name, each =>
    moduleTables(instantiateCall(block, each, child, instance, run), run, file),
  )
}

/** Whether a call is of a module of the registry that is known. Copies of it are recognised by their arguments. */
function isKnown({ body }: Block): boolean {
  const source = String(body.source)
  if (isRegistryModule(source) || isCloudposseModule(source)) return true
  return 'hash_key' in body && ('attributes' in body || 'create_table' in body)
}

/** A call of a module whose files are not here, or cannot be read. */
function ofDistantCall(block: Block, reading: Reading, failure: string | undefined): ReadTemplate {
  const [, name = ''] = block.labels
  const { body, place } = block
  const address = `module.${name}`
  if (!isKnown(block)) return mentionsTables(block) ? skip(block, reading, address, failure ?? notHere(block)) : {}
  return ofInstances(block, reading, address, name, (each, named) =>
    joined(
      registryTables(evaluateBody(body, each.scope), String(body.source)).map(({ key, values, off }) => {
        const own = key === '' ? named.address : `${named.address}.module.wrapper["${key}"]`
        if (off !== undefined) return { skipped: [{ id: own, reason: off, place }] }
        const label = key === '' ? named.label : `${named.label}-${key}`
        return converted({ ...named, address: own, label, values }, reading)
      }),
    ),
  )
}

function notHere({ body }: Block): string {
  const source = String(body.source)
  return isLocalModule(source)
    ? `the folder ${source} does not exist, or has no files of Terraform`
    : `the module ${source} is not in the project; run terraform init, or give the output of terraform show -json`
}

// Modules without tables are skipped, whether they can be read or not.
function mentionsTables({ body }: Block): boolean {
  return /dynamo/i.test(String(body.source)) || 'hash_key' in body || 'partition_key' in body
}

type Named = Omit<EvaluatedTable, 'values'>

/** The tables of each instance of a block. */
function ofInstances(
  block: Block,
  reading: Reading,
  address: string,
  label: string,
  read: (each: Instance, named: Named) => ReadTemplate,
): ReadTemplate {
  const { path, scope } = reading.instance
  const instances = instancesOf(block, scope)
  if (!isInstances(instances))
    return skip(block, reading, address, `for_each needs ${needsOf(instances).join(' and ')}`)
  if (instances.length === 0 && block.labels[0] === 'resource')
    return skip(block, reading, address, block.body.count === undefined ? 'for_each is empty' : 'count is 0')
  return joined(
    instances.map(each => {
      const key = each.key === undefined ? '' : `[${JSON.stringify(each.key)}]`
      const suffix = each.key === undefined || instances.length === 1 ? '' : `-${each.key}`
      return read(each, {
        address: within(path, `${address}${key}`),
        label: [...path, `${label}${suffix}`].join('-').replace(/["[\]]+-?/g, '-'),
        place: block.place,
        placeOf: block.placeOf,
      })
    }),
  )
}

const skip = ({ place }: Block, { instance }: Reading, address: string, reason: string): ReadTemplate => ({
  skipped: [{ id: within(instance.path, address), reason, place }],
})

/** An address within the modules that lead to it: `module.orders.aws_dynamodb_table.this`. */
const within = (path: readonly string[], address: string): string =>
  [...path.map(call => `module.${call}`), address].join('.')
