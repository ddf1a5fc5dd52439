import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Which rooms a room may import, and which packages at run time: the table of CONTRIBUTING.md. A room is a folder of src. */
const rooms = new Map(
  [...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/^\| `([a-z]+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm)].map(
    ([, room = '', mayImport = '', packages = '']) => [
      room,
      { rooms: ['errors', ...namesIn(mayImport)], packages: namesIn(packages) },
    ],
  ),
)

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}

// The only places that may touch the process, and those that may end it.
const processPlaces = /^(cli\/(main|code-cache)|load\/(worker|process-variables|cache-folder)|local\/)/

interface Import {
  readonly file: string
  readonly specifier: string
  readonly types: boolean
  readonly dynamic: boolean
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => file.replaceAll('\\', '/'))
const text = (file: string) => readFileSync(join('src', file), 'utf8')
const code = (file: string) =>
  text(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/(['"`])(?:\\.|(?!\1)[^\\])*\1/g, literal => (literal.includes('\n') ? '``' : literal))

const imports: Import[] = files.flatMap(file => {
  const source = code(file)
  const fixed = [...source.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)].map(
    ([, type, specifier = '']) => ({ file, specifier, types: type !== undefined, dynamic: false }),
  )
  const dynamic = [...source.matchAll(/(?<!typeof )\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map(([, specifier = '']) => ({
    file,
    specifier,
    types: false,
    dynamic: true,
  }))
  return [...fixed, ...dynamic]
})

const roomOf = (file: string) =>
  file === 'errors.ts' ? 'errors' : file.includes('/') ? (file.split('/')[0] ?? '') : 'index'
const target = ({ file, specifier }: Import) =>
  relative('src', resolve('src', dirname(file), specifier)).replaceAll('\\', '/')
const isRelative = ({ specifier }: Import) => specifier.startsWith('.')
const packageOf = (specifier: string) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? ''
const isPackage = (entry: Import) => !isRelative(entry) && !entry.specifier.startsWith('node:')

describe('imports', () => {
  test('the rooms of the table are the folders of src', () => {
    const folders = new Set(files.map(roomOf).filter(room => room !== 'index' && room !== 'errors'))
    expect([...rooms.keys()].sort()).toEqual([...folders].sort())
  })

  test('rooms import only the rooms they may', () => {
    const broken = imports
      .filter(isRelative)
      .map(entry => ({ entry, from: roomOf(entry.file), to: roomOf(target(entry)) }))
      .filter(({ from, to }) => from !== 'index' && from !== to && !rooms.get(from)?.rooms.includes(to))
      .map(({ entry }) => `${entry.file} -> ${entry.specifier}`)
    expect(broken).toEqual([])
  })

  test('rooms use only the packages they may; types of the SDK are free', () => {
    const broken = imports
      .filter(entry => isPackage(entry) && !entry.types)
      .filter(({ file, specifier }) => !rooms.get(roomOf(file))?.packages.includes(packageOf(specifier)))
      .map(({ file, specifier }) => `${file} -> ${specifier}`)
    expect(broken).toEqual([])
  })

  test('ora and chalk are imported by one file', () => {
    const users = imports.filter(({ specifier }) => ['ora', 'chalk'].includes(specifier)).map(({ file }) => file)
    expect([...new Set(users)]).toEqual(['cli/report/terminal-report.ts'])
  })

  test('relative imports name files that exist', () => {
    expect(imports.filter(isRelative).filter(entry => !existsSync(join('src', target(entry))))).toEqual([])
  })
})

describe('importing the library', () => {
  const reached = new Set<string>()
  const packages: string[] = []
  const visit = (file: string) => {
    if (reached.has(file)) return
    reached.add(file)
    for (const entry of imports.filter(({ file: from, types, dynamic }) => from === file && !types && !dynamic)) {
      if (isRelative(entry)) visit(target(entry))
      else if (isPackage(entry)) packages.push(`${file} -> ${entry.specifier}`)
    }
  }
  visit('index.ts')

  test('nothing reachable from index.ts by static imports loads a package', () => {
    expect(packages).toEqual([])
    expect(reached.size).toBeGreaterThan(10)
  })
})

describe('the code', () => {
  const offenders = (pattern: RegExp, allowed: RegExp) =>
    files.filter(file => !allowed.test(file) && pattern.test(code(file)))

  test('touches the process only where listed', () => {
    expect(offenders(/\bprocess\.(?!env\.DYNAMOX_VERSION\b)/, processPlaces)).toEqual([])
  })
  test('ends the process only where listed', () => {
    expect(offenders(/\bprocess\.exit\(/, /^(cli\/main|load\/worker)/)).toEqual([])
  })
  test('sets timers only where listed', () => {
    expect(offenders(/\bset(Timeout|Interval)\(/, /^(apply\/clock|load\/|local\/)/)).toEqual([])
  })
  test('never uses the console', () => {
    expect(files.filter(file => /\bconsole\./.test(code(file)))).toEqual([])
  })
})

describe('every line', () => {
  test('has no holes in the types', () => {
    expect(files.filter(file => /:\s*any\b|\bas any\b|@ts-ignore|as unknown as/.test(code(file)))).toEqual([])
  })
  test('has no unfinished work', () => {
    expect(files.filter(file => /\b(TODO|FIXME|XXX|HACK)\b/.test(text(file)))).toEqual([])
  })
})
