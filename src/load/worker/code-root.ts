import { isRecord, type UntypedRecord } from '../../table/untyped.ts'
import { parseProgram } from './compile.ts'

/** A value in a file's text: its offset, and its entries, named `key` in a map and `[0]` in a list. */
export interface SourceNode {
  readonly start: number
  members(): readonly (readonly [name: string, node: SourceNode])[]
}

/** The exports of a script as a tree of positions; calls stand for the objects that they are given. */
export function codeRoot(source: string, file: string): SourceNode | undefined {
  const program = parseProgram(source, file)
  if (program === undefined) return undefined
  const { declared, exported } = readProgram(nodes(program.body))
  const root = treeOf({ type: 'Program', start: 0 }, declared)
  return { ...root, members: () => [...exported].map(([name, node]) => [name, treeOf(node, declared, startOf(node))]) }
}

type Tree = UntypedRecord

/** The values of top-level names, and the values of exports. Exports come first, so that a default does not hide them. */
function readProgram(body: readonly Tree[]) {
  const declared = new Map<string, Tree>()
  const exported = new Map<string, Tree>()
  const declare = (statement: Tree): readonly string[] => {
    const made = statement.type === 'VariableDeclaration' ? nodes(statement.declarations) : [statement]
    return made.flatMap(node => {
      const name = textOf(node.id)
      if (name !== undefined) declared.set(name, node)
      return name ?? []
    })
  }
  const share = (name: string, node: unknown) => {
    if (isRecord(node)) exported.set(name, node)
  }
  for (const statement of body) {
    if (statement.type === 'ExportNamedDeclaration' && isRecord(statement.declaration))
      for (const name of declare(statement.declaration)) share(name, declared.get(name))
    else if (statement.type !== 'ExportNamedDeclaration') declare(statement)
  }
  for (const statement of body) {
    for (const { exported: name, local } of nodes(statement.specifiers).filter(
      ({ type }) => type === 'ExportSpecifier',
    ))
      share(textOf(name) ?? '', declared.get(textOf(local) ?? ''))
    if (statement.type === 'ExportDefaultDeclaration') share('default', statement.declaration)
    const { left, right } = isRecord(statement.expression) ? statement.expression : statement
    const target = memberText(left)
    if (target === 'module.exports' || target === 'exports') {
      share('default', right)
      for (const [name, node] of entriesOf(unwrapped(right, declared))) share(name, node)
    } else if (target !== undefined) share(target.replace(/^(module\.)?exports\./, ''), right)
  }
  return { declared, exported }
}

function treeOf(node: Tree, declared: ReadonlyMap<string, Tree>, start = startOf(node)): SourceNode {
  return {
    start,
    members() {
      const value = unwrapped(node, declared)
      if (value.type === 'ArrayExpression')
        return nodes(value.elements).map((element, index) => [`[${index}]`, treeOf(element, declared)])
      if (value.type === 'ObjectExpression')
        return [
          ...entriesOf(value).map(([name, member, at]) => [name, treeOf(member, declared, at)] as const),
          ...nodes(value.properties)
            .filter(({ type }) => type === 'SpreadElement')
            .flatMap(spread => treeOf(spread, declared).members()),
        ]
      return nodes(value.arguments).flatMap(argument => treeOf(argument, declared).members())
    },
  }
}

/** The properties of an object: name, value and the offset of the name. */
function entriesOf(value: Tree): readonly (readonly [string, Tree, number])[] {
  if (value.type !== 'ObjectExpression') return []
  return nodes(value.properties).flatMap(property => {
    const name = textOf(property.key)
    return name !== undefined && isRecord(property.value) ? [[name, property.value, startOf(property)] as const] : []
  })
}

/** The expression behind declarations, names and type assertions. */
function unwrapped(node: unknown, declared: ReadonlyMap<string, Tree>, depth = 0): Tree {
  if (!isRecord(node)) return {}
  const inner =
    node.init ?? node.expression ?? node.argument ?? declared.get(node.type === 'Identifier' ? String(node.name) : '')
  return isRecord(inner) && depth < 10 ? unwrapped(inner, declared, depth + 1) : node
}

/** `exports.User`, of an assignment's left side. */
function memberText(node: unknown): string | undefined {
  if (!isRecord(node)) return undefined
  if (node.type !== 'MemberExpression') return node.type === 'Identifier' ? String(node.name) : undefined
  const [object, property] = [memberText(node.object), textOf(node.property)]
  return object === undefined || property === undefined ? undefined : `${object}.${property}`
}

/** An identifier's name, or the value of a text or number. */
function textOf(node: unknown): string | undefined {
  if (!isRecord(node)) return undefined
  const text = node.type === 'Identifier' ? node.name : node.value
  return text === undefined ? undefined : String(text)
}

const nodes = (value: unknown): readonly Tree[] => (Array.isArray(value) ? value.filter(isRecord) : [])

const startOf = (node: Tree): number => (typeof node.start === 'number' ? node.start : 0)
