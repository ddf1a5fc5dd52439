'use strict'
// dynalite in a process of its own. Says over IPC where it listens; asked for `stats`, how often each operation was called
// since the last time, and when the last table became ACTIVE. With `denied`, every call is refused instead.
//   node engine.cjs <least ms> <most ms> [denied]

const { createServer } = require('node:http')

const [least = 0, most = 0] = process.argv.slice(2, 4).map(Number)
let calls = {}
let activeAt = 0

function engine() {
  const options = { deleteTableMs: 0, updateTableMs: 0 }
  // dynalite reads it once for each table: so tables take different times.
  Object.defineProperty(options, 'createTableMs', {
    get() {
      const ms = least + Math.random() * (most - least)
      activeAt = Math.max(activeAt, Date.now() + ms)
      return ms
    },
  })
  return require('dynalite')(options)
}

const refusal = JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', Message: 'not authorized' })
const denying = () =>
  createServer((request, response) => {
    request.resume()
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(refusal)
  })

const server = process.argv[4] === 'denied' ? denying() : engine()
server.on('request', ({ headers }) => {
  const operation = /\.(\w+)$/.exec(headers['x-amz-target'] ?? '')?.[1] ?? 'other'
  calls[operation] = (calls[operation] ?? 0) + 1
})
server.listen(0, '127.0.0.1', () => process.send({ endpoint: `http://127.0.0.1:${server.address().port}` }))
process.on('message', () => {
  process.send({ calls, activeAt })
  calls = {}
  activeAt = 0
})
process.on('disconnect', () => process.exit())
