import { readFileSync } from 'node:fs'
import { createRequire, SourceMap, type SourceMapPayload } from 'node:module'
import { dirname, join } from 'node:path'
import type { TransformOptions } from 'jiti'
import { findUpward, readManifest } from '../../table/project-files.ts'
import { isRecord, type UntypedRecord } from '../../table/untyped.ts'
import { babelPlugin } from './babel-plugin.ts'
import { configIn } from './tsconfig.ts'

/** The part of the `typescript` package that is used; the copy is the project's own. */
interface TypeScript {
  transpileModule?(
    source: string,
    options: { compilerOptions: object; fileName: string; reportDiagnostics: boolean },
  ): {
    readonly outputText: string
    readonly sourceMapText?: string
    readonly diagnostics?: readonly { readonly file?: unknown }[]
  }
  readConfigFile(file: string, read: (file: string) => string | undefined): { config?: unknown }
  parseJsonConfigFileContent(config: unknown, host: unknown, folder: string): ProjectConfig
  readonly sys: object
  readonly ModuleKind: { readonly CommonJS: number; readonly ESNext: number }
  readonly ScriptTarget: { readonly ES2022: number }
}

interface ProjectConfig {
  readonly options: Record<string, unknown>
  readonly fileNames: readonly string[]
  readonly projectReferences?: readonly { readonly path: string }[]
}

export interface Compiler {
  /** For jiti: its own Babel, or the project's TypeScript for decorators and for syntax that Babel does not know. */
  transform(options: TransformOptions): { code: string }
  /** A hint for an error in `file` that its decorators may have caused. */
  advice(file: string): string | undefined
}

/**
 * Compiles decorators as the project itself does. Babel's legacy decorators differ from TypeScript's: they run in another
 * order and take a decorator's answer for a descriptor.
 */
export function createCompiler(): Compiler {
  const projects = new Map<string, TypeScript | 'none' | 'too new'>()
  const lacking = new Map<string, 'none' | 'too new'>()

  const typeScriptOf = (file: string): TypeScript | 'none' | 'too new' => {
    const folder = dirname(file)
    const found = projects.get(folder) ?? findTypeScript(file)
    projects.set(folder, found)
    return found
  }

  return {
    transform(options) {
      const { source, filename: file, ts } = options
      if (ts !== true || file === undefined) return { code: babel(options).code }
      if (!hasDecorators(source)) {
        const { code, error } = babel(options)
        if (error === undefined) return { code }
        const typescript = typeScriptOf(file)
        const other = typeof typescript === 'object' ? compile(typescript, source, file, 'esm') : undefined
        return other === undefined ? { code } : uncached(babel({ ...options, source: other, ts: false }).code)
      }
      const typescript = typeScriptOf(file)
      if (typeof typescript !== 'object') {
        lacking.set(file, typescript)
        return uncached(babel(options, writesStandardDecorators(source)).code)
      }
      const kind = isEsModule(file) ? 'esm' : 'cjs'
      const code = compile(typescript, source, file, kind)
      if (code === undefined) return { code: babel(options).code }
      return uncached(kind === 'cjs' ? code : babel({ ...options, source: code, ts: false }).code)
    },
    advice(file) {
      const why = lacking.get(file)
      if (why === undefined) return undefined
      const because = why === 'none' ? '' : ', because TypeScript 7 cannot be called from JavaScript'
      return `Babel compiled the decorators${because}; npm install --save-dev typescript@6 lets TypeScript compile them`
    },
  }
}

type Babel = (options: TransformOptions) => { readonly code: string; readonly error?: unknown }

let loaded: Babel | undefined

function parser(): Babel {
  const require = createRequire(import.meta.url)
  loaded ??= require(join(dirname(require.resolve('jiti/package.json')), 'dist/babel.cjs')) as Babel
  return loaded
}

function babel(options: TransformOptions, refusesDecorators = false): ReturnType<Babel> {
  const plugins = [[babelPlugin, { refusesDecorators }]]
  // jiti's own CommonJS interop reads exports too early for modules that import each other.
  return parser()({ ...options, interopDefault: true, babel: { ...options.babel, plugins } })
}

/** The syntax tree of a script, by Babel; `undefined` when it cannot be parsed. */
export function parseProgram(source: string, filename: string): UntypedRecord | undefined {
  let program: unknown
  const keep = () => ({
    visitor: {
      Program: {
        enter({ node }: { readonly node: unknown }) {
          // Other plugins change the tree afterwards.
          program = structuredClone(node)
        },
      },
    },
  })
  parser()({ source, filename, ts: /\.[cm]?ts$/.test(filename), babel: { plugins: [keep] } })
  return isRecord(program) ? program : undefined
}

// Keep this code out of jiti's cache: the cache key is the source alone, but this result also depends on the compiler
// and tsconfig. jiti does not cache code with its error mark.
const uncached = (code: string) => ({ code: `${code}\n// __JITI_ERROR__` })

/**
 * Whether an `@` is in the position of a decorator. A false match in a comment or text only selects the slower
 * compiler.
 */
function hasDecorators(source: string): boolean {
  return /(?:^|[\s;{}()])@[A-Za-z_$(]/.test(source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''))
}

/** Whether a file writes decorators of the standard, which take a context. */
function writesStandardDecorators(source: string): boolean {
  return /\b(Class\w*)?DecoratorContext\b|\.addInitializer\(/.test(source)
}

function findTypeScript(file: string): TypeScript | 'none' | 'too new' {
  try {
    const typescript = createRequire(file)('typescript') as TypeScript
    return typeof typescript.transpileModule === 'function' ? typescript : 'too new'
  } catch {
    return 'none'
  }
}

function isEsModule(file: string): boolean {
  if (/\.[mc]ts$/.test(file)) return file.endsWith('.mts')
  const manifest = findUpward(dirname(file), 'package.json')
  return manifest !== undefined && readManifest(dirname(manifest)).type === 'module'
}

/** JavaScript for Node 20; `undefined` when TypeScript cannot compile it either. */
function compile(typescript: TypeScript, source: string, fileName: string, kind: 'cjs' | 'esm'): string | undefined {
  const { ES2022 } = typescript.ScriptTarget
  const { target = ES2022, ...options } = projectOptions(typescript, fileName, source)
  const compilerOptions = {
    ...options,
    // Node does not support the newest syntax, such as decorators.
    target: typeof target === 'number' ? Math.min(target, ES2022) : ES2022,
    module: kind === 'cjs' ? typescript.ModuleKind.CommonJS : typescript.ModuleKind.ESNext,
    moduleResolution: undefined,
    verbatimModuleSyntax: false,
    isolatedModules: false,
    esModuleInterop: true,
    declaration: false,
    sourceMap: true,
    inlineSourceMap: false,
    noEmit: false,
  }
  const result = typescript.transpileModule?.(source, { compilerOptions, fileName, reportDiagnostics: true })
  // Ignore errors without a file: they concern the tsconfig, and the project's own compiler reports them.
  const isBroken = result?.diagnostics?.some(({ file }) => file !== undefined) === true
  if (isBroken || result === undefined) return undefined
  if (result.sourceMapText !== undefined)
    maps.set(fileName, new SourceMap(JSON.parse(result.sourceMapText) as SourceMapPayload))
  return result.outputText.replace(/^\/\/# sourceMappingURL=.*$/m, '')
}

// Babel keeps the lines of a file; TypeScript moves them.
const maps = new Map<string, SourceMap>()

/** The line that the user wrote, from a line of the code that ran. */
export function originalLine(file: string, line: number): number {
  const entry = maps.get(file)?.findEntry(line - 1, Number.MAX_SAFE_INTEGER)
  return entry !== undefined && 'originalLine' in entry ? entry.originalLine + 1 : line
}

/**
 * The compiler options of the tsconfig that a file belongs to. Without a tsconfig: legacy decorators, which model
 * libraries expect, unless the file itself writes the standard ones.
 */
function projectOptions(typescript: TypeScript, file: string, source: string): Record<string, unknown> {
  const config = findUpward(dirname(file), 'tsconfig.json')
  const legacy = { experimentalDecorators: true, emitDecoratorMetadata: true }
  if (config === undefined) return writesStandardDecorators(source) ? {} : legacy
  const parsed = parseConfig(typescript, config)
  if (lists(parsed, file)) return parsed.options
  const projects = parsed.projectReferences?.map(({ path }) => parseConfig(typescript, configIn(path))) ?? []
  return (projects.find(project => lists(project, file)) ?? parsed).options
}

const lists = ({ fileNames }: ProjectConfig, file: string) => fileNames.includes(file.replaceAll('\\', '/'))

function parseConfig(typescript: TypeScript, config: string): ProjectConfig {
  const { config: json } = typescript.readConfigFile(config, path => readFileSync(path, 'utf8'))
  return typescript.parseJsonConfigFileContent(json, typescript.sys, dirname(config))
}
