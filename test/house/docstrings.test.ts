import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const index = readFileSync('src/index.ts', 'utf8')
const exported = [...index.matchAll(/export (?:type )?\{([^}]*)\} from '\.\/([^']+)'/g)].flatMap(
  ([, names = '', file = '']) =>
    names
      .split(',')
      .map(name => name.trim().replace(/^type /, ''))
      .filter(name => name !== '')
      .map(name => [name, `src/${file}`] as const),
)

test.each(exported)('%s of %s has a docstring', (name, file) => {
  const declaration = new RegExp(`export (?:declare )?(?:async )?(?:type|interface|class|function|const) ${name}\\b`)
  const [before = '', ...after] = readFileSync(file, 'utf8').split(declaration)
  expect(after).toHaveLength(1)
  expect(before.trimEnd().endsWith('*/') || /\*\/\n\/\/ biome-ignore [^\n]*$/.test(before.trimEnd())).toBe(true)
})
