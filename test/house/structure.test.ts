import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => file.replaceAll('\\', '/'))
const text = (file: string) => readFileSync(join('src', file), 'utf8')

/** Every file that a file names in an import, of types as well; `import()` counts only where `all` is given. */
function importsOf(file: string, all: boolean): readonly string[] {
  const source = text(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const named = [...source.matchAll(/\b(?:from|import)\s+['"](\.[^'"]+)['"]/g)]
  const later = [...source.matchAll(/\bimport\(\s*['"](\.[^'"]+)['"]\s*\)/g)]
  return [...named, ...(all ? later : [])].map(([, path = '']) =>
    relative('src', resolve('src', dirname(file), path)).replaceAll('\\', '/'),
  )
}

/** The first circle that is found from each file on, as `a -> b -> a`. */
function circles(all: boolean): readonly string[] {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    if (done.has(file) || path.includes(file)) return
    for (const next of importsOf(file, all)) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  return found
}

describe('structure', () => {
  test('no file imports itself in a circle, neither by values, nor by types, nor by import()', () => {
    expect(circles(true)).toEqual([])
  })

  test('no file has more than 400 lines', () => {
    expect(files.filter(file => text(file).split('\n').length > 401)).toEqual([])
  })
})

// Turns of phrase that a reader has to read twice; each with what to write instead.
const phrases: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bmade anew\b|\bwritten anew\b|\banew\b/, 'again; recreated; replaced'],
  [/\b(?:some|no|any)body\b/, 'the user; another process; no one, or the actor itself'],
  [/\bwhoever\b/i, 'the actor itself'],
  [/(?<!\bthere )\bis no (?!longer\b|more\b)[a-z]/, 'is not a'],
  [/\bwill not do\b/, 'must be ...'],
  [/\bsay(?:s|ing)? nothing of\b/, 'does not mention'],
  [/(?:^|[.;:] )What [^.?]* is\b/, 'name the thing itself'],
  [/\bsay(?:s)? two things\b/, 'cannot be combined with'],
]

describe('plain English', () => {
  test.each(phrases)('%s is not used; write: %s', pattern => {
    const lines = files.flatMap(file =>
      text(file)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
    )
    expect(lines).toEqual([])
  })
})
