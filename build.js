// Builds what the package ships:
//   dist/cli/*.cjs            the command line and its workers, and the library for `require`: CommonJS starts faster
//   dist/lib/*.js             the library for `import`
//   dist/types/               its declarations: .d.ts for `import`, .d.cts for `require`
//   dist/config.schema.json   the JSON Schema of the config file, for editors
//   dist/output.schema.json   the JSON Schema of what --json prints
// `--no-types` leaves the declarations out, which take most of the time.

import { execFileSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'rolldown'

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))

const common = {
  platform: 'node',
  transform: { target: 'node20.19', define: { 'process.env.DYNAMOX_VERSION': JSON.stringify(version) } },
  resolve: { mainFields: ['module', 'main'] },
  // A module that is imported at once by one file and later by another belongs to the first file's chunk.
  checks: { ineffectiveDynamicImport: false },
}

/** A chunk of a package is named after that package. */
const chunkNames = extension => chunk => {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(chunk.moduleIds.at(-1) ?? '') ?? [undefined, '[name]']
  return `${name.replace(/^@/, '').replace('/', '-')}-[hash].${extension}`
}

const esm = { format: 'esm', comments: false, entryFileNames: '[name].js', chunkFileNames: chunkNames('js') }
// Neither jest nor code from the code cache can call `import()`, so it becomes `require`.
const commonjs = {
  format: 'cjs',
  comments: false,
  exports: 'named',
  dynamicImportInCjs: false,
  entryFileNames: '[name].cjs',
  chunkFileNames: chunkNames('cjs'),
}

/** Dependencies stay packages of their own, except those that are bundled on purpose; everything else is bundled. */
const externalBut = bundled => id =>
  id.startsWith('node:') ||
  Object.keys(dependencies).some(name => !bundled.includes(name) && (id === name || id.startsWith(`${name}/`)))

// Parts that are mostly loaded together are one file each, with everything that they import: without this, `exists` would
// load 50 files instead of 10, which takes 1.1 times as long.
const cliChunks = [
  { name: 'sdk', test: /src[\\/]aws[\\/]sdk-exports/ },
  { name: 'base', test: /src[\\/](errors|table|settings)\b/ },
  { name: 'command-line', test: /src[\\/]cli[\\/]main/ },
  { name: 'apply', test: /src[\\/](plan|apply|aws)\b/ },
]

/** The command line carries the two dozen SDK commands that it calls: loading all of the SDK takes 1.3 times as long. */
const buildCli = () =>
  build({
    ...common,
    input: {
      main: 'src/cli/main.ts',
      'load-worker': 'src/load/worker.ts',
      'engine-worker': 'src/local/engine-worker.ts',
    },
    external: externalBut(['@aws-sdk/client-dynamodb']),
    output: { ...commonjs, dir: 'dist/cli', codeSplitting: { groups: cliChunks } },
  })

/** One file, since it is loaded before there is a cache. */
const buildCodeCache = () =>
  build({
    ...common,
    input: { 'code-cache': 'src/cli/code-cache.ts' },
    output: { ...commonjs, dir: 'dist/cli', codeSplitting: false },
  })

const library = { index: 'src/index.ts', vitest: 'src/testing/vitest.ts', 'sync-worker': 'src/client/sync-worker.ts' }
const jest = Object.fromEntries(['jest', 'jest-setup', 'jest-teardown'].map(name => [name, `src/testing/${name}.ts`]))

const buildLibrary = (input, output) =>
  build({ ...common, input, external: externalBut([]), output: { ...output, dir: 'dist/lib' } })

/** A schema is derived from the sources: they are bundled, run here and thrown away. */
async function buildSchema(input, name, file) {
  const { output } = await build({ ...common, input, write: false, output: { codeSplitting: false } })
  const { [name]: schema } = await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`)
  writeFileSync(file, `${JSON.stringify(await schema(), null, 2)}\n`)
}

function buildTypes() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
  // Each setting adds its members to the types of a table; TypeScript leaves out imports whose values types do not use.
  const adding = readdirSync('dist/types/settings').filter(name =>
    readFileSync(join('dist/types/settings', name), 'utf8').includes('declare module'),
  )
  appendFileSync(
    'dist/types/table/definition.d.ts',
    adding.map(name => `import '../settings/${name.replace('.d.ts', '.ts')}';\n`).join(''),
  )
  for (const name of readdirSync('dist/types', { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue
    const file = join('dist/types', name)
    const text = readFileSync(file, 'utf8')
    writeFileSync(
      file.replace(/ts$/, 'cts'),
      text.replace(/(?<=\b(?:from |import |import\(|declare module )['"]\.[^'"]+)\.ts(?=['"])/g, '.cts'),
    )
  }
}

rmSync('dist', { recursive: true, force: true })
await Promise.all([
  buildCli(),
  buildCodeCache(),
  buildLibrary(library, esm),
  buildLibrary({ index: library.index, ...jest }, commonjs),
])
await buildSchema('src/config/json-schema.ts', 'configJsonSchema', 'dist/config.schema.json')
await buildSchema('src/cli/report/output-schema.ts', 'outputJsonSchema', 'dist/output.schema.json')
if (!process.argv.includes('--no-types')) buildTypes()
