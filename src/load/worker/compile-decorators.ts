import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Jiti, TransformOptions } from 'jiti'
import { compileQuickly } from './compile-quickly.ts'

/** The part of the `typescript` package that is used; the copy is the project's own. */
interface TypeScript {
  readonly version: string
  transpileModule?(source: string, options: { compilerOptions: object; fileName: string }): { outputText: string }
  findConfigFile(folder: string, exists: (file: string) => boolean): string | undefined
  readConfigFile(file: string, read: (file: string) => string | undefined): { config?: unknown }
  parseJsonConfigFileContent(config: unknown, host: unknown, folder: string): { options: Record<string, unknown> }
  readonly sys: { fileExists(file: string): boolean; readFile(file: string): string | undefined }
  readonly ModuleKind: { readonly CommonJS: number }
  readonly ScriptTarget: { readonly ES2022: number }
}

export interface Compiler {
  /**
   * For jiti: Sucrase for plain files, TypeScript's own compiler where a file has decorators and the project has one,
   * else jiti's Babel.
   */
  transform(options: TransformOptions): { code: string }
  /** What to do about a file that failed, when its decorators may be the reason. */
  advice(): string | undefined
}

/**
 * Compiles files with decorators as the project itself does. Babel's legacy decorators, which jiti brings, differ from
 * TypeScript's: they refuse fields declared with `!`, run in another order, and take a decorator's answer for a descriptor.
 * @param createBabel makes the jiti that compiles everything else.
 */
export function createCompiler(createBabel: () => Jiti): Compiler {
  const compilers = new Map<string, TypeScript | 'none' | 'too new'>()
  let babel: Jiti | undefined
  let lacking: 'none' | 'too new' | undefined

  const compilerFor = (file: string): TypeScript | 'none' | 'too new' => {
    const folder = dirname(file)
    const known = compilers.get(folder) ?? findTypeScript(file)
    compilers.set(folder, known)
    return known
  }

  return {
    transform(options) {
      const quick = compileQuickly(options)
      if (quick !== undefined) return { code: quick }
      babel ??= createBabel()
      const { source, filename, ts } = options
      if (ts !== true || filename === undefined || !hasDecorators(source)) return { code: babel.transform(options) }
      const typescript = compilerFor(filename)
      if (typeof typescript === 'object') return uncached(compile(typescript, source, filename))
      lacking = typescript
      return uncached(babel.transform({ ...options, source: withoutAssertions(source) }))
    },
    advice() {
      if (lacking === undefined) return undefined
      const why =
        lacking === 'none'
          ? 'no TypeScript is installed in the project'
          : 'TypeScript 7 has no compiler that can be called from JavaScript'
      return `its decorators were compiled by Babel, for ${why}; with TypeScript 6 or older in the project, its own compiler is used`
    },
  }
}

// jiti caches by the source alone, and this depends on the project's compiler and tsconfig too. What holds this word,
// which marks errors for jiti, it does not keep.
const uncached = (code: string) => ({ code: `${code}\n// __JITI_ERROR__` })

// A decorator stands at the start of a line or follows another one; what merely looks like it costs a slower compiler.
const hasDecorators = (source: string): boolean => /^\s*(?:export\s+(?:default\s+)?)?@[A-Za-z_$]/m.test(source)

// `name!: string` of a decorated field is more than Babel takes; the `!` is a note to the type checker alone.
const withoutAssertions = (source: string): string =>
  source.replace(
    /^(\s*(?:(?:public|private|protected|readonly|override|@\w[\w.]*\([^()]*\))\s+)*[\w$]+)!(\s*:)/gm,
    '$1 $2',
  )

function findTypeScript(file: string): TypeScript | 'none' | 'too new' {
  try {
    const typescript = createRequire(file)('typescript') as TypeScript
    return typeof typescript.transpileModule === 'function' ? typescript : 'too new'
  } catch {
    return 'none'
  }
}

function compile(typescript: TypeScript, source: string, fileName: string): string {
  const compilerOptions = {
    target: typescript.ScriptTarget.ES2022,
    ...projectOptions(typescript, fileName),
    module: typescript.ModuleKind.CommonJS,
    moduleResolution: undefined,
    verbatimModuleSyntax: false,
    isolatedModules: false,
    esModuleInterop: true,
    declaration: false,
    sourceMap: false,
    inlineSourceMap: false,
    noEmit: false,
  }
  return typescript.transpileModule?.(source, { compilerOptions, fileName }).outputText ?? source
}

/** The compiler options of the nearest tsconfig; without one, the decorators that model libraries are written for. */
function projectOptions(typescript: TypeScript, file: string): object {
  const config = typescript.findConfigFile(dirname(file), typescript.sys.fileExists)
  if (config === undefined) return { experimentalDecorators: true, emitDecoratorMetadata: true }
  const { config: json } = typescript.readConfigFile(config, path => readFileSync(path, 'utf8'))
  return typescript.parseJsonConfigFileContent(json, typescript.sys, dirname(config)).options
}
