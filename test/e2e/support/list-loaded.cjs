'use strict'
// Preloaded into a child: when it ends, says on its standard error what it had loaded.
const { relative } = require('node:path')

const known = new Set(process.moduleLoadList)

process.on('exit', () => {
  const root = process.argv[1].replace(/bin[\\/]dynamox\.js$/, '')
  const files = Object.keys(require.cache).filter(file => file !== __filename)
  const chunks = files.flatMap(file => require.cache[file].exports[Symbol.for('dynamox.chunks')]?.() ?? [])
  const builtins = process.moduleLoadList
    .filter(entry => !known.has(entry))
    .flatMap(entry => /^NativeModule ((?!internal\/|_).+)$/.exec(entry)?.[1] ?? [])
  const loaded = { files: files.map(file => relative(root, file).replaceAll('\\', '/')), chunks, builtins }
  process.stderr.write(`\nloaded ${JSON.stringify(loaded)}\n`)
})
