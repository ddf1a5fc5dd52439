import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { commands } from '../../src/cli/command-specs.ts'
import { exitCodes } from '../../src/cli/exit-code.ts'
import { options, partsOf } from '../../src/cli/program.ts'
import { engines } from '../../src/settings/engines.ts'
import type { Feature } from '../../src/table/capabilities.ts'

// What the README says in tables is held against the data that the program runs on.
const readme = readFileSync('README.md', 'utf8')
const section = (title: string) => readme.split(/^## /m).find(part => part.startsWith(`${title}\n`)) ?? ''

describe('README tables', () => {
  test('every command', () => {
    const table = section('Commands')
    const missing = Object.entries(commands).filter(([name]) => !table.includes(`| \`dynamox ${name}`))
    expect(missing.map(([name]) => name)).toEqual([])
  })

  test('every option', () => {
    const text = section('Options')
    const missing = Object.values(options)
      .map(option => partsOf(option).long)
      .filter(flag => !['--help', '--version'].includes(flag) && !text.includes(flag))
    expect(missing).toEqual([])
  })

  test('every exit code', () => {
    const text = section('Exit codes')
    expect(
      [...new Set(Object.values(exitCodes))].filter(code => !new RegExp(`^\\| .*\\b${code}\\b`, 'm').test(text)),
    ).toEqual([])
  })

  test('what each engine does not keep', () => {
    const words: Record<Feature, string> = {
      readCapacity: 'capacity',
      writeCapacity: 'capacity',
      maxReadUnits: 'on-demand caps',
      maxWriteUnits: 'on-demand caps',
      indexOnDemandCaps: 'on-demand caps of indexes',
      warmReadUnits: 'warm throughput',
      warmWriteUnits: 'warm throughput',
      billingMode: 'billing mode',
      tableClass: 'table class',
      encryption: 'encryption',
      kmsKeyId: 'KMS key',
      stream: 'streams',
      ttl: 'TTL',
      pointInTimeRecovery: 'point-in-time recovery',
      deletionProtection: 'deletion protection',
      tags: 'tags',
      resourcePolicy: 'resource policy',
      contributorInsights: 'contributor insights',
      kinesis: 'Kinesis',
      multiAttributeKeys: 'keys of several attributes',
      indexChanges: 'index changes',
      indexCapacityChanges: 'capacity changes of indexes',
    }
    const say = (features: readonly Feature[]) => [...new Set(features.map(feature => words[feature]))].join(', ')
    const rows = (['dynalite', 'dynamodb-local', 'extenddb', 'dynoxide'] as const).map(
      name => `| ${engines[name].label} | ${say(engines[name].ignores)} | ${say(engines[name].refuses) || 'nothing'} |`,
    )
    const table = section('What the engines keep')
    expect(rows.filter(row => !table.includes(row))).toEqual([])
  })
})
