import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { writers } from '../../src/formats/writers.ts'
import { loadDefinitions } from '../../src/load/load-definitions.ts'
import { compareTables } from '../../src/plan/compare-tables.ts'
import { colliding, everything, global, manyRegions, off, searched } from '../formats/tables.ts'

// What export writes, checked by the tools that take it: the CDK, and AWS's own validator of templates, which the CDK
// brings along.
const libraries = resolve(import.meta.dirname, '../../fixtures/libraries')
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dynamox-exported-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const tables = [everything, off, searched, global, manyRegions]
const all = [...tables, ...colliding]
const write = async (name, options = {}, written = tables) => {
  const { files } = await writers.find(writer => writer.name === name).write(written, options)
  return files[0].text
}

describe('CDK', () => {
  test('the stack compiles, and its template is the same tables', { timeout: 180_000 }, async () => {
    symlinkSync(join(libraries, 'node_modules'), join(folder, 'node_modules'))
    mkdirSync(join(folder, 'lib'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'lib/tables-stack.ts'), await write('cdk', {}, all))
    writeFileSync(
      join(folder, 'lib/app.ts'),
      `import * as cdk from 'aws-cdk-lib'
import { TablesStack } from './tables-stack.js'
const app = new cdk.App({ outdir: 'cdk.out' })
new TablesStack(app, 'Tables', { env: { region: 'eu-west-1', account: '123456789012' } })
app.synth()
`,
    )
    const tsc = join(libraries, 'node_modules/typescript/bin/tsc')
    const compilerOptions = {
      ...{ target: 'es2022', module: 'nodenext', strict: true, skipLibCheck: true, types: [] },
      ...{ rootDir: 'lib', outDir: 'out' },
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['lib'] }))
    execFileSync(process.execPath, [tsc, '-p', '.'], { cwd: folder, stdio: 'pipe' })
    execFileSync(process.execPath, ['out/app.js'], { cwd: folder, stdio: 'pipe' })
    const { tables: found, warnings } = await loadDefinitions({
      cwd: folder,
      config: false,
      models: ['cdk.out/Tables.template.json'],
      region: 'eu-west-1',
      inputs: { parameters: { 'AWS::AccountId': '123456789012' } },
    })
    expect(warnings).toEqual([])
    expect(found.map(({ definition }) => definition.name).sort()).toEqual(all.map(({ name }) => name).sort())
    for (const { definition } of found) {
      const wanted = all.find(({ name }) => name === definition.name)
      // The CDK writes the ARN of an alias.
      const key = wanted.kmsKeyId === undefined ? {} : { kmsKeyId: definition.kmsKeyId }
      const sides = [{ definition: { ...wanted, ...key } }, { definition }]
      expect(compareTables(...sides).changes).toEqual([])
      expect(compareTables(...sides.reverse()).changes).toEqual([])
    }
  })
})

describe("AWS's validator of templates", () => {
  const cdk = createRequire(join(libraries, 'package.json')).resolve('aws-cdk-lib')
  const { CompositeEngine, TemplateContent } = createRequire(cdk)('@aws/cloudformation-validate')
  const engine = new CompositeEngine()
  afterAll(() => engine.free())
  const complaints = text =>
    engine
      .validateTemplate(new TemplateContent(text, 'template.yaml'))
      .diagnostics.filter(({ severity }) => severity !== 'INFO')
      // This rule does not know yet that vector indexes use attributes as well.
      .filter(({ ruleId, entity }) => !(ruleId === 'E3039' && entity?.logicalId === 'Documents'))
      .map(({ severity, ruleId, message, entity }) => `${severity} ${ruleId} ${entity?.logicalId}: ${message}`)

  test.each([
    ['cloudformation', {}],
    ['cloudformation', { file: 'template.json' }],
    ['cloudformation', { import: true }],
    ['sam', {}],
  ])('%s %j', async (name, options) => {
    expect(complaints(await write(name, options))).toEqual([])
  })

  test('it would find a mistake', async () => {
    const text = (await write('cloudformation')).replaceAll('KeyType: HASH', 'KeyType: MAIN')
    expect(complaints(text).length).toBeGreaterThan(0)
  })
})
