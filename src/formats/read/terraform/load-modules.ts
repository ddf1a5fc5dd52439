import { resolve } from 'node:path'
import { isDynamoxError } from '../../../errors.ts'
import { isRecord, type UntypedRecord } from '../../../table/untyped.ts'
import type { ReadContext, TemplateFile } from '../format.ts'
import { type Block, loadModule, type Module, readFile } from './load-module.ts'
import { callKey, type ModuleRun } from './module-instance.ts'
import { isLocalModule, isRegistryModule } from './registry-module.ts'
import { listed } from './value.ts'

/** Loads a module with the local modules that it calls, and everything else that its evaluation needs. */
export async function loadModules(
  file: TemplateFile,
  context: ReadContext,
): Promise<{ readonly root: Module; readonly run: ModuleRun }> {
  const root = await loadModule(file, context)
  const calls = new Map<string, Module | string>()
  const installed = installedModules(root.folder, context)
  await loadCalls(root, [root.folder])
  const texts = [root, ...calls.values()].map(module => JSON.stringify(module))
  const parseYaml = texts.some(text => text.includes('yamldecode(')) ? (await import('yaml')).parse : undefined
  return {
    root,
    run: { context, variables: await variableFiles(root, context), calls, parseYaml, count: { instances: 0 } },
  }

  async function loadCalls(module: Module, above: readonly string[]): Promise<void> {
    for (const call of module.blocks.filter(({ labels }) => labels[0] === 'module')) {
      const key = callKey(module.folder, call.labels[1] ?? '')
      const folder = folderOf(call, module, above.length === 1 ? installed : new Map())
      if (folder === undefined || calls.has(key)) continue
      if (above.includes(folder) || above.length > 20) calls.set(key, 'the module calls itself')
      else {
        const child = await openModule(folder, context)
        if (child === undefined) continue
        calls.set(key, child)
        if (typeof child !== 'string') await loadCalls(child, [...above, folder])
      }
    }
  }
}

function folderOf(call: Block, module: Module, installed: ReadonlyMap<string, string>): string | undefined {
  const source = String(call.body.source ?? '')
  if (isLocalModule(source)) return resolve(module.folder, source)
  return isRegistryModule(source) ? undefined : installed.get(call.labels[1] ?? '')
}

/** `undefined` for a folder without files of Terraform; the reason when it cannot be read. */
async function openModule(folder: string, context: ReadContext): Promise<Module | string | undefined> {
  try {
    const opened = context.open(folder)
    if (opened === undefined) return undefined
    const module = await loadModule(opened, context)
    return module.blocks.length === 0 ? undefined : module
  } catch (error) {
    if (isDynamoxError(error)) return error.message
    throw error
  }
}

/** Modules of registries that `terraform init` has copied into the project, by the name of the call. */
function installedModules(folder: string, context: ReadContext): ReadonlyMap<string, string> {
  const listing = context.open(resolve(folder, '.terraform/modules/modules.json'))
  try {
    const parsed: unknown = JSON.parse(listing?.text() ?? '{}')
    const modules = isRecord(parsed) ? listed(parsed.Modules).filter(isRecord) : []
    return new Map(modules.map(({ Key, Dir }) => [String(Key), resolve(folder, String(Dir))]))
  } catch {
    return new Map()
  }
}

/** Values from `terraform.tfvars`, `*.auto.tfvars` and `--var-file`, later files winning. */
async function variableFiles({ folder }: Module, context: ReadContext): Promise<UntypedRecord> {
  const beside = (context.open(folder)?.entries() ?? []).filter(name =>
    /^terraform\.tfvars(\.json)?$|\.auto\.tfvars(\.json)?$/.test(name),
  )
  const isFirst = (name: string) => Number(name.startsWith('terraform.'))
  const own = beside.toSorted((a, b) => isFirst(b) - isFirst(a)).map(name => context.open(resolve(folder, name)))
  const named = (context.inputs.variableFiles ?? []).map(path => context.open(path))
  const values: UntypedRecord[] = []
  for (const opened of [...own, ...named]) if (opened !== undefined) values.push(await readFile(opened, context))
  return Object.assign({}, ...values)
}
