import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { attempt } from '../errors.ts'
import { isRecord } from '../table/untyped.ts'
import type { Format, ReadContext, ReadTemplate, TemplateFile } from './format.ts'

/** A cloud assembly of the CDK: the folder `cdk.out`, or its `manifest.json`. */
export const cdk: Format = {
  name: 'cdk',
  title: 'CDK assembly',
  matches: file => /"(aws:cloudformation:stack|cdk:cloud-assembly)"/.test(manifestText(file)),
  read: (file, context) => readAssembly(file.isFolder ? file.path : dirname(file.path), context, 0),
}

function manifestText(file: TemplateFile): string {
  if (!file.isFolder) return file.name === 'manifest.json' ? file.text() : ''
  return attempt(() => readFileSync(join(file.path, 'manifest.json'), 'utf8')) ?? ''
}

/** The stacks of an assembly, and those of the assemblies nested in it (`assembly-Stage`). */
async function readAssembly(folder: string, context: ReadContext, depth: number): Promise<ReadTemplate> {
  const { opened, readStack, resourcesOf } = await import('./cloudformation/read.ts')
  const manifest = (await context.open(join(folder, 'manifest.json'))?.document())?.data
  const artifacts = isRecord(manifest) && isRecord(manifest.artifacts) ? manifest.artifacts : {}
  const results: ReadTemplate[] = []
  for (const [id, artifact] of Object.entries(artifacts)) {
    const { type, properties: given, environment } = isRecord(artifact) ? artifact : {}
    const properties = isRecord(given) ? given : {}
    const { directoryName, templateFile, stackName } = properties
    if (type === 'cdk:cloud-assembly' && typeof directoryName === 'string' && depth < 10)
      results.push(await readAssembly(join(folder, directoryName), context, depth + 1))
    if (type !== 'aws:cloudformation:stack' || typeof templateFile !== 'string') continue
    const file = context.open(join(folder, templateFile))
    if (file === undefined) {
      results.push({
        tables: [],
        skipped: [],
        warnings: [`${basename(folder)}: the template ${templateFile} of the stack ${id} does not exist`],
      })
      continue
    }
    const warnings: string[] = []
    const document = await opened(file, context, warnings)
    if (typeof document === 'string') warnings.push(`the stack ${id} is not read: ${document}`)
    results.push({ tables: [], skipped: [], warnings })
    if (typeof document === 'string') continue
    const { data, placeOf } = document
    // An assembly that is not bound to an account says `unknown-account`.
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(String(environment)) ?? []
    const stack = {
      template: resourcesOf(data) ?? {},
      file: file.shown,
      folder: dirname(file.path),
      placeOf,
      stackName: typeof stackName === 'string' ? stackName : id,
      accountId: account?.startsWith('unknown') === false ? account : context.accountId,
      region: region?.startsWith('unknown') === false ? region : context.region,
    }
    // The run's stack name would apply to every stack, so it is used only for an assembly with one.
    const several = Object.values(artifacts).filter(each => isRecord(each) && each.type === type).length > 1
    const { stackName: _, ...inputs } = context.inputs
    results.push(await readStack(stack, several ? { ...context, inputs } : context))
  }
  return {
    tables: results.flatMap(({ tables }) => tables),
    skipped: results.flatMap(({ skipped }) => skipped),
    warnings: results.flatMap(({ warnings }) => warnings),
    parameters: results.flatMap(({ parameters = [] }) => parameters),
  }
}
