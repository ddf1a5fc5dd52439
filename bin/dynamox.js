#!/usr/bin/env node
'use strict'
// CommonJS (see package.json beside it): node starts it some 8 ms sooner than an ES module.

const path = require('node:path')

// The SDK prints a notice about Node versions on first use; it is ours to watch, not our users'.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const dist = path.join(__dirname, '../dist')
const entry = path.join(dist, 'cli/main.cjs')
// Help and version need so little that looking for a cache would take longer.
const isCommand = /^[a-z]/.test(process.argv[2] ?? '')
const isCached = !process.env.DYNAMOX_NO_CACHE && isCommand
const load = isCached ? require('./code-cache.js').cachedRequire(dist) : require

load(entry)
  .main(process.argv.slice(2))
  .then(code => {
    process.exitCode = code
  })
