'use strict'
// Where the thread for model files starts.

const path = require('node:path')

const dist = path.join(__dirname, '../dist')
const { cachedRequire } = require('../dist/cli/code-cache.cjs')

cachedRequire(dist, require)(path.join(dist, 'cli/load-worker.cjs'))
