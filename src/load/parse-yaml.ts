import type { Document, Node, Pair } from 'yaml'
import type { DynamoxError } from '../errors.ts'
import { explainYamlError } from './explain-yaml-error.ts'
import { type SyntaxPlace, syntaxError } from './syntax-error.ts'

type Yaml = typeof import('yaml')

/** YAML 1.2 with merge keys (`<<`), with errors that say file, line and column. */
export async function parseYaml(text: string, place: SyntaxPlace): Promise<unknown> {
  const yaml = await import('yaml')
  const document = yaml.parseDocument(text, { prettyErrors: false, merge: true })
  const [error, ...more] = document.errors
  if (error) {
    const { offset, message } = explainYamlError([error, ...more], text)
    throw syntaxError(place, text, offset, slashes(text, error.pos[0]) ?? message)
  }
  const trap = findTrap(yaml, document.contents, place, text) ?? findStar(yaml, document, place, text)
  if (trap) throw trap
  return document.toJS()
}

/** `models: *.ts` without quotes is an alias, of something that is nowhere. */
function findStar(yaml: Yaml, document: Document, place: SyntaxPlace, text: string): DynamoxError | undefined {
  let found: DynamoxError | undefined
  yaml.visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return undefined
      const what = `*${alias.source} is read as an alias, and there is no &${alias.source}`
      found = syntaxError(place, text, alias.range?.[0] ?? 0, what, {
        hint: 'a value that begins with * has to stand in quotes',
      })
      return yaml.visit.BREAK
    },
  })
  return found
}

const noSlashes = 'comments start with # in YAML, not with //'

function slashes(text: string, offset: number): string | undefined {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1)
  return /^\s*\/\//.test(line) ? noSlashes : undefined
}

/** What YAML accepts and nobody means: `{pk:S}` is a key "pk:S" without a value, `// text` is a key. */
function findTrap(yaml: Yaml, node: Node | null, place: SyntaxPlace, text: string): DynamoxError | undefined {
  if (!node || !('items' in node) || !Array.isArray(node.items)) return undefined
  const flow = 'flow' in node && node.flow === true
  for (const item of node.items as readonly (Node | Pair<Node, Node | null>)[]) {
    const isPair = 'key' in item
    const trap =
      (isPair && pairTrap(yaml, item, flow, place, text)) || findTrap(yaml, isPair ? item.value : item, place, text)
    if (trap) return trap
  }
  return undefined
}

function pairTrap(
  yaml: Yaml,
  { key, value }: Pair<Node, Node | null>,
  flow: boolean,
  place: SyntaxPlace,
  text: string,
) {
  if (!yaml.isScalar(key) || typeof key.value !== 'string' || key.type !== 'PLAIN') return undefined
  const offset = key.range?.[0] ?? 0
  if (key.value.startsWith('//')) {
    return syntaxError(place, text, offset, noSlashes)
  }
  const glued = /^([^:]+):(\S+)$/.exec(key.value)
  const empty = value === null || (yaml.isScalar(value) && value.value === null)
  if (!flow || !glued || !empty) return undefined
  const [, name, type] = glued
  return syntaxError(place, text, offset, `YAML reads {${key.value}} as a key named "${key.value}" without a value`, {
    hint: `write ${key.value} without braces for a key attribute, or {${name}: ${type}} with a space for a mapping`,
  })
}
