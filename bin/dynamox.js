#!/usr/bin/env node
'use strict'
// CommonJS (see package.json beside it): node starts it some 8 ms sooner than an ES module.

const path = require('node:path')

// The SDK prints a notice about Node versions on first use; it is ours to watch, not our users'.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const dist = path.join(__dirname, '../dist')
const argv = process.argv.slice(2)
// Help and version need so little that looking for a cache would take longer.
const isShort = argv.every(word => ['-h', '--help', '-V', '--version'].includes(word))
const thread = threadFor(argv)
const isCached = !isShort && !process.env.DYNAMOX_NO_CACHE
const load = isCached ? require('../dist/cli/code-cache.cjs').cachedRequire(dist, require) : require

load(path.join(dist, 'cli/main.cjs'))
  .main(argv, { thread })
  .then(code => {
    process.exitCode = code
  })

/** Model files run in a thread that takes as long to start as everything before its turn: so it starts at once. */
function threadFor(words) {
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words
  if (!own.some(word => /\.[cm]?[jt]s$/.test(word))) return undefined
  const { Worker } = require('node:worker_threads')
  const worker = new Worker(path.join(__dirname, 'load-worker.js'))
  // Until somebody takes it, it neither keeps this process alive nor ends it.
  worker.unref()
  return worker.on('error', () => {})
}
