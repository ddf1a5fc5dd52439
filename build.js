// Builds what the package ships:
//   dist/vendor/*.cjs   one file per package that is loaded on demand; the CLI and the library share them
//                       (the CLI carries the few SDK commands that it calls; the library uses the installed SDK, which
//                       the user's code shares)
//   dist/cli/*.cjs      the CLI's own code, CommonJS because it starts faster than ESM: main.cjs is what every run starts
//                       with, main-rest.cjs everything else, which jest's entries share; the workers stand alone
//   dist/lib/*.js       the library, ESM, with the AWS SDK left to the installed package
//   dist/types/         the declarations, by tsc: .d.ts for ESM, .d.cts for CommonJS
//   dist/config.schema.json   the JSON Schema of the config file, for editors

import { isAscii } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { build, transform } from 'esbuild'

const require = createRequire(import.meta.url)
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

// Loaded by `await import(...)` in src, bundled here so that an install stays light.
const vendored = {
  // Its default export is all of the module, which both CommonJS and `import` then see as the default.
  ora: 'module.exports = require("ora").default',
  chalk: 'export { Chalk } from "chalk"',
  'zod/mini':
    'export { array, boolean, literal, looseObject, number, optional, record, refine, strictObject, string, union, unknown } from "zod/mini"',
  sucrase: 'export { transform } from "sucrase"',
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

const external = ['dynalite', 'jiti', 'synckit', 'typescript', '@aws-sdk/client-dynamodb']
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  legalComments: 'none',
  define: { 'process.env.DYNAMOX_VERSION': JSON.stringify(version) },
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
const dense = { minifyWhitespace: true, minifySyntax: true, lineLimit: 160 }

const buildVendor = () =>
  Promise.all(
    Object.entries(vendored).map(([name, contents]) =>
      build({
        ...cjs,
        minify: true,
        keepNames: true,
        stdin: { contents, resolveDir: '.', sourcefile: `${name}.js` },
        outfile: `dist/vendor/${vendorFile(name)}`,
        external: ['typescript'],
      }),
    ),
  )

const entryPoints = (entries, extension) =>
  Object.fromEntries(
    Object.entries(entries)
      .filter(([, file]) => existsSync(file))
      .map(([name, file]) => [`${name}${extension}`, file]),
  )

/**
 * A few files out of one entry: `<name>.cjs` holds what the entry and `first` need at once, `<name>-light.cjs` what
 * `light` needs besides, `<name>-rest.cjs` all else that is imported dynamically. esbuild splits ESM only, so each
 * chunk is made CommonJS here: a function that runs when it is first required. Besides, modules that share a chunk
 * share a scope, which starts faster than a wrapper around each. An entry in `beside` has a file of its own as well,
 * and uses the others of the pack.
 */
async function buildPack(folder, name, entry, { first = [], light = [], beside = {}, ...options }) {
  const { outputFiles, metafile } = await build({
    ...common,
    define: cjs.define,
    mainFields: cjs.mainFields,
    ...options,
    format: 'esm',
    splitting: true,
    entryPoints: { [name]: entry, ...beside },
    outdir: folder,
    write: false,
    metafile: true,
  })
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]))
  const reach = (member, kinds, found) => {
    if (found.has(member)) return
    found.add(member)
    for (const { path, kind } of outputs.get(member).imports)
      if (kinds.includes(kind) && outputs.has(basename(path))) reach(basename(path), kinds, found)
  }
  const closure = (sources, ...kinds) => {
    const found = new Set()
    for (const [member, { entryPoint }] of outputs) if (sources.includes(entryPoint)) reach(member, kinds, found)
    return found
  }
  const atOnce = sources => closure(sources, 'import-statement')
  const everSince = sources => closure(sources, 'import-statement', 'dynamic-import')
  const start = atOnce([entry, ...first])
  const small = [...atOnce(light)].filter(member => !start.has(member))
  const every = everSince([entry])
  // What is in the first entry's own file cannot be had from there: that would run it.
  const others = Object.entries(beside).map(([other, source]) => ({
    other,
    own: new Set([...atOnce([source]), ...[...everSince([source])].filter(member => start.has(member))]),
    names: outputs.get(`${other}.js`).exports.filter(each => each !== 'default'),
  }))
  const isElsewhere = member => !every.has(member) && others.some(({ own }) => own.has(member))
  const members = new Map(
    await Promise.all(outputFiles.map(async ({ path, text }) => [basename(path), await toFunction(text, options)])),
  )
  const rest = [...members.keys()].filter(
    member => !start.has(member) && !small.includes(member) && !isElsewhere(member),
  )
  const later = [`${name}-light`, `${name}-rest`].slice(small.length > 0 ? 0 : 1)
  const files = [
    [name, [...start], startOfPack(name, later)],
    [`${name}-light`, small, 'module.exports = chunks'],
    [`${name}-rest`, rest, 'module.exports = chunks'],
    ...others.map(({ other, own, names }) => [other, [...own], startOfPack(other, later, names)]),
  ]
  mkdirSync(folder, { recursive: true })
  for (const [file, parts, end] of files) {
    if (parts.length === 0) continue
    const chunks = parts.map(member => `${JSON.stringify(`./${member}`)}${members.get(member)},`).sort()
    const text = ['"use strict";', cjs.banner.js, 'const chunks = {', ...chunks, '};', end, '']
    writeFileSync(`${folder}/${file}.cjs`, text.join('\n'))
  }
}

async function toFunction(esm, { minify = false, keepNames = false }) {
  const { target, supported } = cjs
  const { code } = await transform(esm, { ...dense, target, supported, minify, keepNames, format: 'cjs' })
  return `(exports, require, module) {\n${code}}`
}

// The names at the end are for `import`, which looks for them without running anything.
const startOfPack = (name, later, names = []) => `const loaded = new Map()
const files = [${later.map(file => `() => require("./${file}.cjs")`).join(', ')}]
const opened = []
function find(id) {
  for (const [index, open] of files.entries()) {
    opened[index] ??= open()
    if (opened[index][id] !== undefined) return opened[index][id]
  }
}
function load(id) {
  const known = loaded.get(id)
  if (known !== undefined) return known.exports
  const chunk = chunks[id] ?? (/^\\.\\/[^/]*\\.js$/.test(id) ? find(id) : undefined)
  if (chunk === undefined) return require(id)
  const module = { exports: {} }
  loaded.set(id, module)
  chunk(module.exports, load, module)
  return module.exports
}
module.exports = load("./${name}.js")
Object.defineProperty(module.exports, Symbol.for("dynamox.chunks"), { value: () => [...loaded.keys()] })${
  names.length > 0 ? `\n0 && (module.exports = { ${names.join(', ')} })` : ''
}`

const buildSdk = () =>
  buildPack('dist/vendor', 'aws-sdk-client-dynamodb', 'src/aws/sdk-exports.ts', {
    minify: true,
    keepNames: true,
  })

const cliPackages = vendorPlugin([...Object.keys(vendored), '@aws-sdk/client-dynamodb'])
const cliExternal = external.filter(name => name !== '@aws-sdk/client-dynamodb')

const buildCli = () =>
  buildPack('dist/cli', 'main', 'src/cli/main.ts', {
    // Help and version need no more than these.
    first: ['src/cli/parse.ts', 'src/cli/help.ts'],
    // What exists, wait and list need: the commands of shell loops.
    light: [
      'src/cli/report/choose-report.ts',
      'src/cli/load-command.ts',
      'src/cli/connect.ts',
      ...['exists', 'wait', 'list'].map(name => `src/cli/commands/${name}.ts`),
      ...['find-config', 'effective-settings'].map(name => `src/load/${name}.ts`),
      ...['check-exists', 'wait-for', 'waiter', 'clock', 'run-tables'].map(name => `src/apply/${name}.ts`),
      ...['target', 'create-api', 'wire'].map(name => `src/aws/${name}.ts`),
      'src/table/summarise.ts',
    ],
    beside: Object.fromEntries(['jest', 'jest-setup', 'jest-teardown'].map(name => [name, `src/testing/${name}.ts`])),
    external: cliExternal,
    plugins: [cliPackages],
  })

const buildWorkers = () =>
  build({
    ...cjs,
    ...dense,
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

const buildLibrary = () =>
  build({
    ...common,
    format: 'esm',
    splitting: true,
    entryPoints: entryPoints(
      {
        index: 'src/index.ts',
        vitest: 'src/testing/vitest.ts',
        'load-worker': 'src/load/worker.ts',
        'engine-worker': 'src/local/engine-worker.ts',
        'sync-worker': 'src/client/sync-worker.ts',
      },
      '',
    ),
    outdir: 'dist/lib',
    chunkNames: '[name]-[hash]',
    external,
    plugins: [vendorPlugin(Object.keys(vendored))],
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
  const entries = Object.values(exports).flatMap(({ types }) => types ?? [])
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
await Promise.all([buildVendor(), buildSdk(), buildCli(), buildWorkers(), buildLibrary(), buildSchema()])
for (const folder of ['dist/cli', 'dist/vendor']) stamp(folder)
if (!process.argv.includes('--no-types')) buildTypes()
