// Builds what the package ships:
//   dist/vendor/*.cjs   one file per package that is loaded on demand; the CLI and the library share them
//   dist/cli/*.cjs      the CLI's own code, CommonJS because it starts faster than ESM: main.cjs is what every run starts
//                       with, rest.cjs everything else, the workers stand alone
//   dist/lib/*.js       the library, ESM, with the AWS SDK left to the installed package
//   dist/types/         the declarations, by tsc
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { build, transform } from 'esbuild'

const require = createRequire(import.meta.url)
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

// Loaded by `await import(...)` in src, bundled here so that an install stays light.
const vendored = {
  commander: 'export { Command, CommanderError, Option } from "commander"',
  // Its default export is all of the module, which both CommonJS and `import` then see as the default.
  ora: 'module.exports = require("ora").default',
  chalk: 'export { Chalk } from "chalk"',
  cosmiconfig: 'export { cosmiconfig } from "cosmiconfig"',
  'zod/mini':
    'export { array, boolean, literal, looseObject, number, optional, record, refine, strictObject, string, union, unknown } from "zod/mini"',
  tinyglobby: 'export { glob } from "tinyglobby"',
  yaml: 'export { LineCounter, parseDocument, isMap, isScalar } from "yaml"',
}
// The CLI carries the few SDK commands that it calls; the library uses the installed SDK, which the user's code shares.
const sdk = 'export * from "./src/aws/sdk-exports.ts"'

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

// Node's own modules that take milliseconds to load, and that packages import for what a command seldom does: https on
// the way to a local endpoint, child_process for commander's executable subcommands.
const lazyBuiltins = ['child_process', 'fs/promises', 'http2', 'https', 'zlib']
const standIns = {
  // The SDK always reads the shared AWS files with it; promises over the callbacks come without fs/promises.
  'node:fs/promises': 'exports.readFile = require("node:util").promisify(require("node:fs").readFile);',
  // The SDK asks whether its agent is an instance, and if not, whether it can be destroyed like one.
  'node:https': `exports.Agent = class {
    constructor(options) { return new (load().Agent)(options) }
    static [Symbol.hasInstance]() { return false }
  };`,
}

/** Stands a module in the place of each that loads it when one of its functions is called, or a class is asked for. */
const lazyPlugin = {
  name: 'lazy builtins',
  setup(setup) {
    setup.onResolve({ filter: new RegExp(`^(node:)?(${lazyBuiltins.join('|')})$`) }, ({ path, namespace }) =>
      namespace === 'lazy'
        ? { path, external: true }
        : { path: `node:${path.replace('node:', '')}`, namespace: 'lazy' },
    )
    setup.onLoad({ filter: /./, namespace: 'lazy' }, ({ path }) => {
      const real = require(path)
      const lines = Object.keys(real).map(name => {
        const isFunction = typeof real[name] === 'function' && /^[a-z]/.test(name)
        if (standIns[path]?.includes(`exports.${name} `)) return ''
        return isFunction
          ? `exports.${name} = (...values) => load().${name}(...values);`
          : `Object.defineProperty(exports, "${name}", { enumerable: true, get: () => load().${name} });`
      })
      return { contents: [`const load = () => require("${path}");`, ...lines, standIns[path]].join('\n') }
    })
  },
}

async function buildVendor() {
  const entries = { ...vendored, ...(existsSync('src/aws/sdk-exports.ts') ? { '@aws-sdk/client-dynamodb': sdk } : {}) }
  await Promise.all(
    Object.entries(entries).map(([name, contents]) =>
      build({
        ...cjs,
        minify: true,
        keepNames: true,
        stdin: { contents, resolveDir: '.', sourcefile: `${name}.js` },
        outfile: `dist/vendor/${vendorFile(name)}`,
        external: ['typescript'],
        plugins: [lazyPlugin],
        // Its mere name makes Node load its web streams, which nothing here hands to any of these.
        define: { ...cjs.define, ReadableStream: 'undefined' },
      }),
    ),
  )
}

const entryPoints = (entries, extension) =>
  Object.fromEntries(
    Object.entries(entries)
      .filter(([, file]) => existsSync(file))
      .map(([name, file]) => [`${name}${extension}`, file]),
  )

const cliPackages = vendorPlugin([...Object.keys(vendored), '@aws-sdk/client-dynamodb'])
const cliExternal = external.filter(name => name !== '@aws-sdk/client-dynamodb')

/** Help and version need these alone. */
const startModules = ['src/cli/main.ts', 'src/cli/parse.ts', 'src/cli/help.ts']

/**
 * esbuild splits ESM only, so the CLI is split as ESM, each chunk made CommonJS, and the chunks put into two files, where
 * each is a function that runs when it is first required.
 */
async function buildCli() {
  const { outputFiles, metafile } = await build({
    ...common,
    format: 'esm',
    splitting: true,
    entryPoints: { main: 'src/cli/main.ts' },
    outdir: 'dist/cli',
    chunkNames: '[name]-[hash]',
    define: cjs.define,
    external: cliExternal,
    plugins: [cliPackages],
    write: false,
    metafile: true,
  })
  const chunks = new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output])
  const start = new Set()
  const add = name => {
    if (!chunks.has(name) || start.has(name)) return
    start.add(name)
    const { imports } = Object.fromEntries(outputs)[name]
    for (const { path, kind } of imports) if (kind === 'import-statement') add(basename(path))
  }
  for (const [name, { entryPoint }] of outputs) if (startModules.includes(entryPoint)) add(name)
  const names = [...chunks.keys()].sort()
  mkdirSync('dist/cli', { recursive: true })
  await Promise.all([
    writePack(
      'main',
      names.filter(name => start.has(name)),
      chunks,
      startOfMain,
    ),
    writePack(
      'rest',
      names.filter(name => !start.has(name)),
      chunks,
      'module.exports = chunks',
    ),
  ])
}

const startOfMain = `const loaded = new Map()
let rest
function load(id) {
  const known = loaded.get(id)
  if (known !== undefined) return known.exports
  const chunk = chunks[id] ?? (id.startsWith("./") ? (rest ??= require("./rest.cjs"))[id] : undefined)
  if (chunk === undefined) return require(id)
  const module = { exports: {} }
  loaded.set(id, module)
  chunk(module.exports, load, module)
  return module.exports
}
module.exports = load("./main.js")`

async function writePack(name, members, chunks, end) {
  const functions = await Promise.all(
    members.map(async member => {
      const { platform, target, supported } = cjs
      const { code } = await transform(chunks.get(member), { platform, target, supported, format: 'cjs' })
      return `${JSON.stringify(`./${member}`)}(exports, require, module) {\n${code}},`
    }),
  )
  const text = ['"use strict";', cjs.banner.js, 'const chunks = {', ...functions, '};', end, '']
  writeFileSync(`dist/cli/${name}.cjs`, text.join('\n'))
}

const buildWorkers = () =>
  build({
    ...cjs,
    entryPoints: entryPoints(
      { 'load-worker': 'src/load/worker.ts', 'engine-worker': 'src/local/engine-worker.ts' },
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

rmSync('dist', { recursive: true, force: true })
await Promise.all([buildVendor(), buildCli(), buildWorkers(), buildLibrary()])
if (!process.argv.includes('--no-types')) {
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  })
}
