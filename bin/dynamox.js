#!/usr/bin/env node
'use strict'
// CommonJS (see package.json beside it): node starts it some 8 ms sooner than an ES module.

// The SDK prints a notice about Node versions on first use; it is ours to watch, not our users'.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const { main } = require('../dist/cli/main.cjs')

main(process.argv.slice(2)).then(code => {
  process.exitCode = code
})
