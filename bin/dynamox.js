#!/usr/bin/env node
'use strict'
// CommonJS (see package.json beside it): Node starts it some 8 ms sooner than an ES module.

const path = require('node:path')

const argv = process.argv.slice(2)

// Needs none of the CLI.
if (argv.length === 1 && ['-V', '--version'].includes(argv[0])) {
  process.stdout.write(`${require('../package.json').version}\n`)
} else {
  // Which Node versions the SDK supports is for dynamox to watch, not for its users.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const thread = threadFor(argv)
  // Commands load different parts of the CLI.
  const command = /^[a-z]+$/.exec(argv[0] ?? '')?.[0] ?? 'dynamox'
  require('../dist/cli/code-cache.cjs').useCodeCache(path.join(__dirname, '../dist'), command)
  require('../dist/cli/main.cjs')
    .main(argv, { thread })
    .then(code => {
      process.exitCode = code
    })
}

/** The thread for model files takes as long to start as everything before its turn, so it starts at once. */
function threadFor(words) {
  const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words
  if (!own.some(word => /\.[cm]?[jt]s$/.test(word))) return undefined
  const { Worker } = require('node:worker_threads')
  const worker = new Worker(path.join(__dirname, 'load-worker.js'))
  // Until a command uses it, it neither keeps this process alive nor ends it.
  worker.unref()
  return worker.on('error', () => {})
}
