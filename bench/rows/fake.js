// Many tables on a simulated AWS in virtual time: creation takes 2-6 s, 500 tables are in flight at most, changes are
// throttled beyond 40 a second after a burst of 10. The limits impose a least time; how near does it come, and at what cost?
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'rolldown'
import { root } from '../measure.js'

export async function measure() {
  const file = join(root, '.cache/bench/simulate.mjs')
  mkdirSync(join(root, '.cache/bench'), { recursive: true })
  await build({
    input: join(root, 'bench/simulate.ts'),
    platform: 'node',
    external: /^[^./]/,
    output: { file, codeSplitting: false },
  })
  const { simulate } = await import(pathToFileURL(file).href)
  const rows = []
  for (const count of [1_000, 10_000]) {
    const { seconds, imposed, describes, throttled, bytesPerTable } = await simulate(count)
    rows.push({
      what: `create + wait for ${count.toLocaleString('en')} tables, against the ${imposed.toFixed(0)} s that the limits impose`,
      measured: `${(seconds / imposed).toFixed(2)}x, ${describes.toFixed(2)} DescribeTable per table, ${(100 * throttled).toFixed(1)}% of the requests throttled, ${(bytesPerTable / 1024).toFixed(1)} KB per table`,
      target: '<= 1.2x, memory per table flat, no throttle storms',
      peers: [],
    })
  }
  return rows
}
