import { Document, isMap, isPair, isScalar, type Scalar, visit } from 'yaml'

export interface YamlComments {
  /** Lines before the document. */
  readonly head?: readonly string[] | undefined
  /** Lines before a member, by its path. */
  readonly before?: readonly { readonly path: readonly string[]; readonly lines: readonly string[] }[] | undefined
}

/**
 * YAML that readers of version 1.1 (CloudFormation) and 1.2 understand in the same way: a text that either of them could
 * take for a number, a date or a boolean is quoted.
 */
export function yamlText(value: unknown, { head = [], before = [] }: YamlComments = {}): string {
  const document = new Document(value, { version: '1.1', aliasDuplicateObjects: false })
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && needsQuotes(node.value)) node.type = 'QUOTE_SINGLE'
    },
  })
  if (head.length > 0) document.commentBefore = commentText(head)
  for (const { path, lines } of before) {
    const key = keyAt(document, path)
    if (key !== undefined && lines.length > 0) key.commentBefore = commentText(lines)
  }
  return document.toString({ lineWidth: 0, singleQuote: true })
}

const needsQuotes = (text: string) => /^[\d.+~=/-]|^(?:[yn]|yes|no|on|off|true|false|null|nan|inf)$/i.test(text)

const commentText = (lines: readonly string[]) => lines.map(line => ` ${line.replaceAll(/[\r\n]+/g, ' ')}`).join('\n')

function keyAt(document: Document, path: readonly string[]): Scalar | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return undefined
  const pair = parent.items.find(each => isPair(each) && isScalar(each.key) && each.key.value === path.at(-1))
  return isScalar(pair?.key) ? pair.key : undefined
}
