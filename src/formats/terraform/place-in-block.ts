import type { Place } from '../../errors.ts'
import { placeOnLine } from '../../table/problems.ts'

// The arguments that members of a CreateTable input come from, where they are not the same word in snake case.
const otherWords: Readonly<Record<string, string>> = {
  TableName: 'name',
  IndexName: 'name',
  'KeySchema[0]': 'hash_key',
  'KeySchema[1]': 'range_key',
  AttributeDefinitions: 'attribute',
  AttributeName: 'name',
  AttributeType: 'type',
  GlobalSecondaryIndexes: 'global_secondary_index',
  LocalSecondaryIndexes: 'local_secondary_index',
  Projection: 'projection_type',
  NonKeyAttributes: 'non_key_attributes',
  ProvisionedThroughput: 'read_capacity',
  WriteCapacityUnits: 'write_capacity',
  TimeToLiveSpecification: 'ttl',
  StreamSpecification: 'stream_view_type',
  SSESpecification: 'server_side_encryption',
}

/**
 * Where, in the lines of a file, the argument of a block stands that a member of its CreateTable input came from: the parser of HCL does not tell.
 * A member that is not found has the place of the part around it.
 */
export function placeInBlock(lines: readonly string[], block: Place): (path: string) => Place {
  return path => {
    let [from, to] = [block.line, endOf(lines, block.line)]
    let found: Place = block
    for (const part of path.match(/[^.[\]]+(\[\d+\])?/g) ?? []) {
      const [, member = part, at] = /^(\w+)\[(\d+)\]$/.exec(part) ?? []
      const word = otherWords[part] ?? otherWords[member] ?? snakeCase(member)
      const starts = linesOf(lines, from, to, word)
      // An index is a block with a name; other parts of a path name their argument.
      const named = starts.length === 0 ? blockNamed(lines, from, to, part) : (starts[Number(at ?? 0)] ?? starts[0])
      if (named === undefined) break
      found = { ...placeOnLine(block.file, lines[named - 1] ?? '', 1), line: named }
      // The name of an index follows, which tells its block from the others.
      if (!/Indexes$/.test(part) && (lines[named - 1] ?? '').includes('{')) [from, to] = [named, endOf(lines, named)]
    }
    return found
  }
}

const snakeCase = (word: string) => word.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()

/** The lines (from 1) within a block on which an argument or a block of this name starts. */
function linesOf(lines: readonly string[], from: number, to: number, word: string): readonly number[] {
  const start = new RegExp(`^\\s*(?:dynamic\\s+")?${word}\\b`)
  return lines.flatMap((line, index) => (index + 1 > from && index < to && start.test(line) ? [index + 1] : []))
}

/** The line on which the block with `name = "<name>"` starts. */
function blockNamed(lines: readonly string[], from: number, to: number, name: string): number | undefined {
  const at = lines.findIndex(
    (line, index) => index + 1 > from && index < to && /^\s*name\s*=/.test(line) && line.includes(`"${name}"`),
  )
  if (at < 0) return undefined
  for (let line = at; line > from; line -= 1) if (/\{\s*$/.test(lines[line - 1] ?? '')) return line
  return undefined
}

/** The line of the brace that closes the block. Braces within texts come in pairs. */
function endOf(lines: readonly string[], start: number): number {
  let depth = 0
  for (let line = start; line <= lines.length; line += 1) {
    for (const sign of (lines[line - 1] ?? '').replace(/(#|\/\/).*/, ''))
      depth += sign === '{' ? 1 : sign === '}' ? -1 : 0
    if (depth <= 0) return line
  }
  return lines.length
}
