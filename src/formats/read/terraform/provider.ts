import { isRecord } from '../../../table/untyped.ts'
import { evaluateRaw, type Scope } from './evaluate.ts'
import type { Block, Module } from './load-module.ts'
import { isMap, isUnknown, listed, unknown, type Value } from './value.ts'

/** A module with the values of its names; `root` holds the providers. */
interface Placed {
  readonly module: Module
  readonly scope: Scope
  readonly root?: Placed | undefined
}

/** The provider block of a resource: the one that it names, else the one without an alias. */
function providerOf(block: Block | undefined, { module }: Placed): Block | undefined {
  const alias = block && aliasOf(block)
  return module.providers.find(({ body: own }) => own.alias === alias)
}

function aliasOf({ body }: Block): string | undefined {
  return /^\$?\{?aws\.([\w-]+)\}?$/.exec(String(body.provider ?? ''))?.[1]
}

/** The region of a resource: its own argument, or its provider's. */
export function regionOf(block: Block, instance: Placed, scope: Scope): Value {
  const at = instance.root ?? instance
  if (block.body.region !== undefined) return evaluateRaw(block.body.region, scope)
  const region = providerRegion(block, at)
  return region === undefined
    ? unknown(`the region of the provider aws.${aliasOf(block) ?? ''}`.replace(/\.$/, ''))
    : region
}

/** The region of the provider that a resource or a data source names, else of the one without an alias. */
export function providerRegion(block: Block | undefined, instance: Placed): Value | undefined {
  const at = instance.root ?? instance
  const region = providerOf(block, at)?.body.region
  return region === undefined ? undefined : evaluateRaw(region, at.scope)
}

/** The tags that the AWS provider adds to every resource, of the provider that a resource names. */
export function defaultTags(block: Block, instance: Placed): Value | undefined {
  const at = instance.root ?? instance
  const [defaults] = listed(providerOf(block, at)?.body.default_tags)
  const tags = isRecord(defaults) ? evaluateRaw(defaults.tags, at.scope) : null
  return isMap(tags) || isUnknown(tags) ? tags : undefined
}
