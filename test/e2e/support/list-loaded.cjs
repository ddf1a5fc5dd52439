'use strict'
// Preloaded into a child: when it ends, writes to its standard error what it had loaded.

const known = new Set(process.moduleLoadList)

process.on('exit', () => {
  const files = Object.keys(require.cache).filter(file => file !== __filename)
  const builtins = process.moduleLoadList
    .filter(entry => !known.has(entry))
    .flatMap(entry => /^NativeModule ((?!internal\/|_).+)$/.exec(entry)?.[1] ?? [])
  process.stderr.write(`\nloaded ${JSON.stringify({ files, builtins })}\n`)
})
