import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { attempt } from '../../errors.ts'
import { asRecord, type UntypedRecord } from '../../table/untyped.ts'
import { type Format, joined, type ReadContext, type ReadTemplate, type TemplateFile } from './format.ts'

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
  const { readTemplate } = await import('./cloudformation/read-stack.ts')
  const manifest = (await context.open(join(folder, 'manifest.json'))?.document())?.data
  const artifacts = Object.entries(asRecord(asRecord(manifest).artifacts)).map(([id, each]) => ({
    id,
    ...asRecord(each),
  }))
  const isStack = ({ type }: UntypedRecord) => type === 'aws:cloudformation:stack'
  // The run's stack name would apply to every stack, so it is used only for an assembly with one.
  const { stackName: _, ...inputs } = context.inputs
  const ofStack = artifacts.filter(isStack).length > 1 ? { ...context, inputs } : context
  const results: ReadTemplate[] = []
  for (const artifact of artifacts) {
    const { id, type, properties, environment }: UntypedRecord = artifact
    const { directoryName, templateFile, stackName } = asRecord(properties)
    if (type === 'cdk:cloud-assembly' && typeof directoryName === 'string' && depth < 10)
      results.push(await readAssembly(join(folder, directoryName), context, depth + 1))
    if (!isStack(artifact) || typeof templateFile !== 'string') continue
    const file = context.open(join(folder, templateFile))
    if (file === undefined) {
      const text = `${basename(folder)}: the template ${templateFile} of the stack ${id} does not exist`
      results.push({ warnings: [text] })
      continue
    }
    // An assembly that is not bound to an account says `unknown-account`.
    const [, ...bound] = /^aws:\/\/([^/]+)\/(.+)$/.exec(String(environment)) ?? []
    const [accountId, region] = bound.map(part => (part.startsWith('unknown') ? undefined : part))
    const stack = { stackName: typeof stackName === 'string' ? stackName : String(id), accountId, region }
    results.push(await readTemplate(file, ofStack, stack, reason => `the stack ${id} is not read: ${reason}`))
  }
  return { ...joined(results), parameters: results.flatMap(({ parameters = [] }) => parameters) }
}
