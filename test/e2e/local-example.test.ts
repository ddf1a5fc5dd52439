// Every setting that a config can have, on the embedded engine.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { dynamox, project, root } from './support/cli.ts'

test('the tables of the example are created, found unchanged, without drift, and pulled as they are', async () => {
  const { tables, defaults } = parse(readFileSync(join(root, '.dynamoxrc.example'), 'utf8'))
  const config = JSON.stringify({ local: true, defaults, tables })
  const cwd = await project({ '.dynamoxrc': config, 'package.json': '{}' })
  const run = async (...args: string[]) => {
    const { code, json, stderr } = await dynamox([...args, '--json'], { cwd })
    const steps = json.tables.flatMap(table => table.steps ?? [])
    return { code, tables: json.tables.map(({ name, action }) => `${name} ${action}`), steps, stderr }
  }

  const created = await run('create')
  expect(created).toMatchObject({ code: 0, tables: ['orders created', 'sessions created'] })
  const engine = 'dynalite (the embedded engine)'
  // Only what the engine cannot do is left out, or said to be kept without effect.
  expect(created.stderr.match(/(?<=warning: ).*(?:left out|kept by).*/g)).toEqual([
    `orders: globalIndexes.by-status: ${engine} does not support keys of several attributes, left out`,
    `orders: stream: kept by ${engine}, which writes no stream records`,
    `sessions: replicas: not kept by ${engine}, left out`,
    `sessions: vector indexes: kept by ${engine}, which cannot search them (by-interest)`,
  ])
  expect(await run('create')).toMatchObject({ code: 0, tables: ['orders unchanged', 'sessions unchanged'] })
  expect(await run('plan', '--check')).toMatchObject({ code: 0, steps: [] })

  const pulled = await dynamox(['pull', '--to', 'dynamox'], { cwd })
  expect(pulled.code).toBe(0)
  writeFileSync(join(cwd, 'pulled.yaml'), `local: true\n${pulled.stdout}`)
  const again = await run('plan', '--check', '--config', 'pulled.yaml')
  expect(again).toMatchObject({ code: 0, tables: ['orders planned', 'sessions planned'], steps: [] })
  const { tables: found } = parse(pulled.stdout)
  const own = (field: string) => tables.map((table: Record<string, unknown>) => table[field])
  for (const field of ['ttl', 'tableClass', 'stream', 'maxReadUnits', 'encryption', 'localIndexes', 'kinesis'])
    expect(found.map((table: Record<string, unknown>) => table[field])).toEqual(own(field))
})
