// Builds what the package ships:
//   dist/vendor/*.cjs   one file per package that is loaded on demand; the CLI and the library share them
//                       (the CLI carries the few SDK commands that it calls; the library uses the installed SDK, which
//                       the user's code shares)
//   dist/cli/*.cjs      the CLI's own code, CommonJS because it starts faster than ESM: main.cjs is what every run starts
//                       with, main-rest.cjs everything else, which jest's entries share; the workers stand alone
//                       (library.cjs is the library for a `require` that takes no ES modules)
//   dist/lib/*.js       the library, ESM, with the AWS SDK left to the installed package
//   dist/types/         the declarations, by tsc: .d.ts for ESM, .d.cts for CommonJS
//   dist/config.schema.json   the JSON Schema of the config file, for editors

import { isAscii } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { buildPack } from './build/pack.js'

const require = createRequire(import.meta.url)
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

// Loaded by `await import(...)` in src, bundled here so that an install stays light.
const vendored = {
  // Its default export is all of the module, which both CommonJS and `import` then see as the default.
  ora: 'module.exports = require("ora").default',
  chalk: 'export { Chalk } from "chalk"',
  commander: 'export { Command, CommanderError } from "commander"',
  'zod/mini':
    'export { array, boolean, literal, looseObject, number, optional, record, refine, strictObject, string, union, unknown } from "zod/mini"',
  tinyglobby: 'export { glob } from "tinyglobby"',
  yaml: 'export { LineCounter, parseDocument, isMap, isScalar, isSeq, visit } from "yaml"',
}
const vendorFile = name => `${name.replace(/^@/, '').replaceAll('/', '-')}.cjs`

/** Points imports of vendored packages at their files in dist/vendor, so that each is loaded when it is first used. */
const vendorPlugin = names => ({
  name: 'vendor',
  setup(setup) {
    setup.onResolve({ filter: /^[^./]/ }, ({ path }) =>
      names.includes(path) ? { path: `../vendor/${vendorFile(path)}`, external: true } : undefined,
    )
  },
})

/** Parts of packages that nothing here asks for, and what stands in for them. */
const spared = [
  // Of ninety animations, the one that ora uses and the one for terminals without Unicode.
  [
    /[\\/]cli-spinners[\\/]spinners\.json$/,
    text => {
      const { dots, line } = JSON.parse(text)
      return `export default ${JSON.stringify({ dots, line })}`
    },
  ],
]

const spare = {
  name: 'spare',
  setup(setup) {
    for (const [filter, contents] of spared)
      setup.onLoad({ filter }, ({ path }) => ({ contents: contents(readFileSync(path, 'utf8')) }))
  },
}

const external = ['dynalite', 'jiti', 'synckit', '@aws-sdk/client-dynamodb', '@aws-sdk/client-sts']
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  legalComments: 'none',
  define: {
    'process.env.DYNAMOX_VERSION': JSON.stringify(version),
  },
}
const cjs = {
  ...common,
  format: 'cjs',
  supported: { 'dynamic-import': false },
  mainFields: ['module', 'main'],
  define: { ...common.define, 'import.meta.url': '__moduleUrl' },
  banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
}

// Names and something of the lines stay, so that the stack trace in a bug report can be read.
const dense = { minifyWhitespace: true, minifySyntax: true, lineLimit: 300 }

const buildVendor = () =>
  Promise.all(
    Object.entries(vendored).map(([name, contents]) =>
      build({
        ...cjs,
        minify: true,
        stdin: { contents, resolveDir: '.', sourcefile: `${name}.js` },
        outfile: `dist/vendor/${vendorFile(name)}`,
        plugins: [spare],
      }),
    ),
  )

const entryPoints = (entries, extension) =>
  Object.fromEntries(
    Object.entries(entries)
      .filter(([, file]) => existsSync(file))
      .map(([name, file]) => [`${name}${extension}`, file]),
  )

const pack = {
  ...common,
  supported: cjs.supported,
  define: cjs.define,
  mainFields: cjs.mainFields,
  banner: cjs.banner.js,
}

const buildSdk = () =>
  buildPack('dist/vendor', 'aws-sdk-client-dynamodb', 'src/aws/sdk-exports.ts', { ...pack, look: { minify: true } })

const cliPackages = vendorPlugin([...Object.keys(vendored), '@aws-sdk/client-dynamodb'])
const cliExternal = external.filter(name => name !== '@aws-sdk/client-dynamodb')

const buildCli = () =>
  buildPack('dist/cli', 'main', 'src/cli/main.ts', {
    ...pack,
    look: dense,
    // Help and version need no more than these, and a thread for model files is started as soon as that.
    first: ['src/cli/program.ts', 'src/load/worker-thread.ts'],
    // What exists, wait and list need: the commands of shell loops.
    light: [
      ...['report/choose-report', 'connect', 'complete-commands', 'work-on'].map(name => `src/cli/${name}.ts`),
      ...['find-config', 'effective-settings'].map(name => `src/load/${name}.ts`),
      ...['check-exists', 'run-wait', 'waiter', 'clock', 'run-tables', 'in-parallel'].map(
        name => `src/apply/${name}.ts`,
      ),
      ...['target', 'create-api', 'sdk-exports'].map(name => `src/aws/${name}.ts`),
      'src/table/summarise.ts',
    ],
    beside: {
      // What `require` gives where it takes no ES modules, as in jest, and what model files import as dynamox where the
      // running copy stands in.
      library: 'src/index.ts',
      ...Object.fromEntries(['jest', 'jest-setup', 'jest-teardown'].map(name => [name, `src/testing/${name}.ts`])),
    },
    external: cliExternal,
    plugins: [cliPackages],
  })

/** What goes wrong in there is told in the user's words, not as a stack of these. */
const buildWorkers = () =>
  build({
    ...cjs,
    minify: true,
    entryPoints: entryPoints(
      {
        'load-worker': 'src/load/worker.ts',
        'engine-worker': 'src/local/engine-worker.ts',
      },
      '',
    ),
    outdir: 'dist/cli',
    outExtension: { '.js': '.cjs' },
    external: cliExternal,
    plugins: [cliPackages],
  })

/**
 * What importing the library loads is one chunk, since every file of an import takes its time. esbuild puts modules
 * together that the same entries reach, and whatever is imported dynamically is an entry: so all that index.ts does not
 * load is made to import index.ts, which it comes after anyway.
 */
async function afterIndex() {
  const index = resolve('src/index.ts')
  const later = { name: 'later', setup: setup => setup.onResolve({ filter: /^\./ }, asExternal) }
  const asExternal = ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined)
  const { metafile } = await build({
    ...common,
    format: 'esm',
    entryPoints: [index],
    write: false,
    metafile: true,
    external,
    plugins: [later],
  })
  const atOnce = Object.keys(metafile.inputs).map(file => resolve(file))
  return {
    name: 'after index',
    setup(setup) {
      setup.onResolve({ filter: /^dynamox:index$/ }, () => ({ path: index }))
      setup.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        if (atOnce.includes(path)) return undefined
        return { contents: `import 'dynamox:index'\n${readFileSync(path, 'utf8')}`, loader: 'ts' }
      })
    },
  }
}

/** What bin/dynamox.js loads first, by Node alone. */
const buildCodeCache = () =>
  build({
    ...common,
    ...dense,
    format: 'cjs',
    entryPoints: ['src/cache/code-cache.ts'],
    outfile: 'dist/cli/code-cache.cjs',
  })

const buildLibrary = async () =>
  build({
    ...common,
    format: 'esm',
    splitting: true,
    // "sideEffects": false would have these imports dropped.
    ignoreAnnotations: true,
    entryPoints: entryPoints(
      {
        index: 'src/index.ts',
        vitest: 'src/testing/vitest.ts',
        'sync-worker': 'src/client/sync-worker.ts',
      },
      '',
    ),
    outdir: 'dist/lib',
    chunkNames: '[name]-[hash]',
    external,
    plugins: [vendorPlugin(Object.keys(vendored)), await afterIndex()],
  })

/** The schema is what the sources say it is: they are bundled, run here and thrown away. */
async function buildSchema() {
  const { outputFiles } = await build({
    ...common,
    format: 'esm',
    entryPoints: ['src/config/json-schema.ts'],
    write: false,
  })
  const code = Buffer.from(outputFiles[0].contents).toString('base64')
  const { configJsonSchema } = await import(`data:text/javascript;base64,${code}`)
  mkdirSync('dist', { recursive: true })
  writeFileSync('dist/config.schema.json', `${JSON.stringify(await configJsonSchema(), null, 2)}\n`)
}

/** bin/code-cache.js knows a file's content by its digest in the first line, and reads it as ASCII. */
function stamp(folder) {
  for (const name of readdirSync(folder)) {
    const text = readFileSync(`${folder}/${name}`, 'latin1')
    if (!isAscii(readFileSync(`${folder}/${name}`))) throw new Error(`${folder}/${name} holds more than ASCII`)
    writeFileSync(`${folder}/${name}`, `// ${createHash('sha1').update(text).digest('hex')}\n${text}`)
  }
}

/** tsc declares every source; what nobody can import is thrown away, and what `require` reaches is named as CommonJS. */
function buildTypes() {
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  })
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
  const typesOf = target =>
    typeof target === 'string' ? [] : target.types ? [target.types] : Object.values(target).flatMap(typesOf)
  const entries = Object.values(exports).flatMap(typesOf)
  const imported = /(?<=\bfrom |\bimport\()(['"]\.[^'"]+)\.ts(?=['"])/g
  const reach = (file, found) => {
    if (found.has(file)) return
    const text = readFileSync(file, 'utf8')
    found.set(file, text)
    for (const [, path] of text.matchAll(imported)) reach(join(dirname(file), `${path.slice(1)}.d.ts`), found)
  }
  const reached = ending => {
    const found = new Map()
    for (const entry of entries) if (entry.endsWith(ending)) reach(join(entry.replace(ending, '.d.ts')), found)
    return found
  }
  const esm = reached('.d.ts')
  const commonjs = reached('.d.cts')
  for (const name of readdirSync('dist/types', { recursive: true })) {
    const file = join('dist/types', name)
    if (file.endsWith('.d.ts') && !esm.has(file)) rmSync(file)
  }
  for (const [file, text] of commonjs) writeFileSync(file.replace(/ts$/, 'cts'), text.replace(imported, '$1.cts'))
}

rmSync('dist', { recursive: true, force: true })
await Promise.all([
  buildVendor(),
  buildSdk(),
  buildCli(),
  buildWorkers(),
  buildCodeCache(),
  buildLibrary(),
  buildSchema(),
])
for (const folder of ['dist/cli', 'dist/vendor']) stamp(folder)
if (!process.argv.includes('--no-types')) buildTypes()
