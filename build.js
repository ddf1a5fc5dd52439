// Builds what the package ships:
//   dist/vendor/*.cjs   one file per package that is loaded on demand; the CLI and the library share them
//   dist/cli/*.cjs      the CLI's own code, CommonJS because it starts faster than ESM
//   dist/lib/*.js       the library, ESM, with the AWS SDK left to the installed package
//   dist/types/         the declarations, by tsc
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { build } from 'esbuild'

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

const buildCli = () =>
  build({
    ...cjs,
    entryPoints: entryPoints(
      { main: 'src/cli/main.ts', 'load-worker': 'src/load/worker.ts', 'engine-worker': 'src/local/engine-worker.ts' },
      '',
    ),
    outdir: 'dist/cli',
    outExtension: { '.js': '.cjs' },
    external: external.filter(name => name !== '@aws-sdk/client-dynamodb'),
    plugins: [vendorPlugin([...Object.keys(vendored), '@aws-sdk/client-dynamodb'])],
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
await Promise.all([buildVendor(), buildCli(), buildLibrary()])
if (!process.argv.includes('--no-types')) {
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  })
}
