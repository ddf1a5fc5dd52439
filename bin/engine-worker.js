'use strict'
// Where the thread of the embedded engine starts.

const path = require('node:path')

require('../dist/cli/code-cache.cjs').useCodeCache(path.join(__dirname, '../dist'), 'engine-worker')
require('../dist/cli/engine-worker.cjs')
