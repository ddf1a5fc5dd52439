'use strict'
// Where the thread for model files starts.

const path = require('node:path')

require('../dist/cli/code-cache.cjs').useCodeCache(path.join(__dirname, '../dist'), 'load-worker')
require('../dist/cli/load-worker.cjs')
