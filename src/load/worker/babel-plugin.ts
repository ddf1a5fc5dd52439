import { type ImportedName, moduleHelpers } from './module-helpers.ts'

// A plugin for jiti's own Babel. jiti does not include Babel's types, so the few that are used are declared here.

interface Tree {
  type: string
  /** Babel moves statements with it to the top. */
  _blockHoist?: number
  loc?: { readonly start: { readonly line: number; readonly column: number } }
  body?: Tree[]
  name?: string
  kind?: string
  key?: Tree
  value?: Tree | string | null
  static?: boolean
  computed?: boolean
  definite?: boolean
  abstract?: boolean
  declare?: boolean
  decorators?: Tree[] | null
  exportKind?: string
  declaration?: Tree | null
  specifiers?: Tree[]
  source?: Tree | null
  local?: Tree
  exported?: Tree
  expression?: Tree
  left?: Tree
  right?: Tree
  object?: Tree
  property?: Tree
  operator?: string
  importKind?: string
  imported?: Tree
  callee?: Tree
  arguments?: Tree[]
}

interface Path {
  readonly node: Tree
  readonly parent: Tree
  readonly scope: { getBinding(name: string): Binding | undefined }
  traverse(visitor: Readonly<Record<string, (path: Path) => void>>): void
}

interface Binding {
  readonly kind: string
  readonly referencePaths: readonly Path[]
}

interface Babel {
  readonly types: { getBindingIdentifiers(node: Tree): Readonly<Record<string, unknown>> }
  readonly template: {
    readonly statement: { ast(code: string): Tree }
    readonly expression: { ast(code: string): Tree }
    readonly smart: { ast(code: string): { readonly body: { readonly body: readonly [Tree, Tree, Tree] } } }
  }
}

interface Options {
  /** For decorators of the standard, which jiti's Babel would compile as legacy ones. */
  readonly refusesDecorators: boolean
}

/**
 * Makes jiti's Babel behave like TypeScript and Node:
 * - `export type * as N`, `accessor` and decorated fields declared with `!` compile
 * - an export that is read before its declaration ran throws, as in Node; Babel alone gives `undefined`
 * - imports go through `load` of module-helpers.ts, which also learns the names that are imported
 */
export function babelPlugin({ types, template }: Babel, { refusesDecorators }: Options) {
  const lexical = new WeakMap<Tree, ReadonlySet<string>>()
  const imports = new WeakMap<Tree, ReadonlyMap<string, readonly ImportedName[]>>()
  return {
    name: 'dynamox',
    manipulateOptions(_: unknown, parser: { readonly plugins: unknown[] }): void {
      parser.plugins.push('decoratorAutoAccessors')
    },
    visitor: {
      Program: {
        enter(program: Path): void {
          const { node } = program
          const body = node.body?.filter(each => !isTypeExport(each)) ?? []
          node.body = body
          if (refusesDecorators) program.traverse({ Decorator: path => refuse(path.node) })
          program.traverse({ ClassBody: path => compileMembers(path, template) })
          lexical.set(node, new Set(body.flatMap(each => lexicalExports(each, program, types))))
          imports.set(node, importedNames(body, program))
        },
        // Runs after the exit of the plugin that turns the file into a CommonJS module.
        exit(program: Path): void {
          const { node } = program
          const names = lexical.get(node)
          node.body = node.body?.flatMap(each => guarded(each, names, template)) ?? []
          const named = imports.get(node) ?? new Map<string, readonly ImportedName[]>()
          program.traverse({ CallExpression: path => wrapImport(path.node, named, template) })
        },
      },
    },
  }
}

// Removes `export type * as N from './types.js'`; Babel itself removes all other type exports.
function isTypeExport({ type, exportKind, source }: Tree): boolean {
  return exportKind === 'type' && type.startsWith('Export') && source !== undefined && source !== null
}

function compileMembers(path: Path, template: Babel['template']): void {
  const { node } = path
  node.body =
    node.body?.flatMap((member, index) => {
      // The `!` of a decorated field is a note to the type checker; Babel refuses it.
      if (member.type === 'ClassProperty') delete member.definite
      if (member.type !== 'ClassAccessorProperty') return [member]
      if (member.abstract === true || member.declare === true) return []
      if ((member.decorators?.length ?? 0) > 0) throw syntaxError('a decorated accessor needs TypeScript', member)
      if (member.computed === true) throw syntaxError('an accessor with a computed name needs TypeScript', member)
      return accessor(member, `accessor${index}`, template)
    }) ?? []
}

function refuse(decorator: Tree): never {
  throw syntaxError('a standard decorator needs TypeScript', decorator)
}

/** A syntax error in the form of Babel's own parser. */
function syntaxError(message: string, { loc }: Tree): Error {
  return Object.assign(new Error(message), { code: 'BABEL_PARSE_ERROR', loc: loc?.start })
}

/** Replaces an `accessor` with a private field, a getter and a setter. */
function accessor(member: Tree, name: string, template: Babel['template']): readonly Tree[] {
  const scope = member.static === true ? 'static ' : ''
  const { body } = template.smart.ast(`class A {
    ${scope}#${name} = 0
    ${scope}get key() { return this.#${name} }
    ${scope}set key(value) { this.#${name} = value }
  }`).body
  const [field, ...methods] = body
  const type = member.key?.type === 'PrivateName' ? 'ClassPrivateMethod' : 'ClassMethod'
  return [
    { ...field, value: member.value ?? null },
    ...methods.map(method => ({ ...method, type, key: { ...member.key, type: member.key?.type ?? '' } })),
  ]
}

/** The names under which a statement exports what `const`, `let` and `class` declare. */
function lexicalExports(statement: Tree, program: Path, types: Babel['types']): readonly string[] {
  const { type, declaration, specifiers = [], source } = statement
  if (type === 'ExportDefaultDeclaration') return declaration?.type === 'FunctionDeclaration' ? [] : ['default']
  if (type !== 'ExportNamedDeclaration' || (source !== undefined && source !== null)) return []
  const isLexical = (name: string) => ['const', 'let'].includes(program.scope.getBinding(name)?.kind ?? '')
  const declared = declaration ? Object.keys(types.getBindingIdentifiers(declaration)).filter(isLexical) : []
  const listed = specifiers.flatMap(({ local, exported }) =>
    isLexical(local?.name ?? '') ? [exported?.name ?? String(exported?.value)] : [],
  )
  return [...declared, ...listed]
}

/** Replaces Babel's initial `exports.a = exports.b = void 0` with guards for the exports that have no value yet. */
function guarded(statement: Tree, lexical: ReadonlySet<string> | undefined, { statement: parse }: Babel['template']) {
  const names = initialised(statement.type === 'ExpressionStatement' ? statement.expression : undefined)
  const late = names.filter(name => lexical?.has(name))
  if (late.length === 0) return [statement]
  const early = names.filter(name => !late.includes(name)).map(name => `exports[${JSON.stringify(name)}] = `)
  const code = [
    `${moduleHelpers}.guard(exports, ${JSON.stringify(late)});`,
    ...(early.length === 0 ? [] : [`${early.join('')}void 0;`]),
  ]
  return code.map(each => ({ ...parse.ast(each), _blockHoist: statement._blockHoist ?? 0 }))
}

function initialised(expression: Tree | undefined): readonly string[] {
  if (expression?.type !== 'AssignmentExpression' || expression.left?.object?.name !== 'exports') return []
  const { property } = expression.left
  const name = property?.name ?? String(property?.value)
  if (expression.right?.type === 'UnaryExpression') return [name]
  const rest = initialised(expression.right)
  return rest.length === 0 ? [] : [name, ...rest]
}

/** The names that are imported from the project's own files and used as values, by the file as it is written. */
function importedNames(body: readonly Tree[], program: Path): ReadonlyMap<string, readonly ImportedName[]> {
  const found = new Map<string, readonly ImportedName[]>()
  for (const { type, importKind, source, specifiers = [] } of body) {
    const from = typeof source?.value === 'string' ? source.value : ''
    if (type !== 'ImportDeclaration' || importKind === 'type' || !from.startsWith('.')) continue
    const names = specifiers.flatMap((each): ImportedName[] => {
      const name = each.imported?.name
      if (name === undefined || name === 'default' || each.importKind === 'type') return []
      if (!isValue(program.scope.getBinding(each.local?.name ?? ''))) return []
      return [[name, each.loc?.start.line ?? 1, (each.loc?.start.column ?? 0) + 1]]
    })
    found.set(from, [...(found.get(from) ?? []), ...names])
  }
  return found
}

/** Whether a name is read as a value. Types and names that are only passed on may be missing when the code runs. */
function isValue(binding: Binding | undefined): boolean {
  const parents = binding?.referencePaths.map(({ parent }) => parent) ?? []
  // Metadata of decorators asks with `typeof` whether a type exists.
  if (parents.some(({ operator }) => operator === 'typeof')) return false
  return parents.some(({ type }) => type !== 'ExportSpecifier' && (!type.startsWith('TS') || expression.test(type)))
}

// `name as T`, `name!`, `name satisfies T` and `<T>name`.
const expression = /^TS(As|NonNull|Satisfies)Expression$|^TSTypeAssertion$/

function wrapImport(
  call: Tree,
  named: ReadonlyMap<string, readonly ImportedName[]>,
  { expression }: Babel['template'],
): void {
  const { callee } = call
  if (callee?.type !== 'Identifier' || callee.name !== 'jitiImport') return
  const [id] = call.arguments ?? []
  const names = typeof id?.value === 'string' ? (named.get(id.value) ?? []) : []
  call.callee = expression.ast(`${moduleHelpers}.load`)
  call.arguments = [
    callee,
    ...(call.arguments ?? []),
    ...(names.length === 0 ? [] : [expression.ast(JSON.stringify(names)), expression.ast('__filename')]),
  ]
}
