import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describeBeside, isUnderstood, versionsText } from '../adapters/library.ts'
import { modelPackages, unreadablePackages } from '../adapters/registry.ts'

/** What may help with model files from which no table came: by what they import, else by what they export. */
export function nearestGuess(files: readonly string[], exports: readonly string[]): string {
  return files.flatMap(file => byImports(file) ?? []).at(0) ?? byExports(exports)
}

/** `electrodb 5.0.0 is installed`, when that is a version which dynamox does not know. */
export function unknownVersion(files: readonly string[]): string | undefined {
  return files
    .flatMap(file => importedPackages(file).map(name => ({ name, version: versionOf(name, file) })))
    .filter(({ name, version }) => {
      const known = modelPackages.get(name)
      return known !== undefined && version !== undefined && !isUnderstood(known, version)
    })
    .map(({ name, version }) => `${name} ${version} is installed`)
    .at(0)
}

function byImports(file: string): string | undefined {
  const names = importedPackages(file)
  const unreadable = names.find(name => unreadablePackages.includes(name))
  if (unreadable !== undefined) return `models of ${unreadable} cannot be read: ${describeBeside}`
  const known = names.flatMap(name => modelPackages.get(name) ?? []).at(0)
  if (known === undefined) return undefined
  const { title, exports } = known
  const newer = unknownVersion([file])
  return newer === undefined
    ? `it is written with ${title}: export ${exports}`
    : `${newer}, and dynamox understands ${versionsText(known)}: ${describeBeside}`
}

const list = 'the README lists the libraries that are understood ("Models of other libraries")'

function byExports(exports: readonly string[]): string {
  const named = (kind: RegExp) => exports.map(text => kind.exec(text)?.[1]).find(name => name !== undefined)
  const near = named(/^(\S+) \(object with .*\b(?:hash|partition|primary)_?(?:key|index)\b/i)
  if (near !== undefined) return `write ${near} as { table: '...', partitionKey: '...', sortKey: '...' }`
  const pending = named(/^(\S+) \(instance of Promise\)/)
  if (pending !== undefined) return `${pending} is a promise: export what it resolves to, by a top-level await`
  const made = named(/\(function (\w+)\)/) ?? named(/^(\S+) \(function\)/)
  if (made !== undefined) return `no function is called: export what ${made} returns; ${list}`
  const written = named(/\(class (\w+)\)/)
  if (written !== undefined) return `the class ${written} carries no decorators of a library; ${list}`
  return `export what defineTable or defineModel returns, a CreateTable input, or a library's model; ${list}`
}

/** The packages that a file imports, as it is written. */
function importedPackages(file: string): readonly string[] {
  const source = read(file) ?? ''
  const specifiers = [...source.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])([^'"\n]+)\1/g)]
  return [...new Set(specifiers.map(([, , specifier = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier))]
}

// Not by `require.resolve`: many packages do not export their package.json.
function versionOf(name: string, file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const text = read(join(folder, 'node_modules', name, 'package.json'))
    if (text !== undefined) return /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1]
    if (folder === dirname(folder)) return undefined
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
