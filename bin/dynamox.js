#!/usr/bin/env node
'use strict'
// CommonJS (see package.json beside it): node starts it some 8 ms sooner than an ES module.

const path = require('node:path')

// The SDK prints a notice about Node versions on first use; it is ours to watch, not our users'.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const dist = path.join(__dirname, '../dist')
const entry = path.join(dist, 'cli/main.cjs')
const load = process.env.DYNAMOX_NO_CACHE ? require : require('./code-cache.js').cachedRequire(dist, entry)

load(entry)
  .main(process.argv.slice(2))
  .then(code => {
    process.exitCode = code
  })
