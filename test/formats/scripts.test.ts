// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such placeholders are the language of these tests
import { describe, expect, test } from 'vitest'
import { plain, read } from './support/read.ts'

describe('SST', { timeout: 30_000 }, () => {
  test('components and the resource of Pulumi, in the config and in modules that it imports', async () => {
    const files = {
      'infra/tables.ts': `export const notes = new sst.aws.Dynamo('Notes', {
        fields: { userId: 'string', noteId: 'number', at: 'number' },
        primaryIndex: { hashKey: 'userId', rangeKey: 'noteId' },
        globalIndexes: { byAt: { hashKey: 'at', projection: 'keys-only' } },
        localIndexes: { local: { rangeKey: 'at' } },
        stream: 'new-and-old-images', ttl: 'expires', deletionProtection: true,
      })
      new sst.aws.Function('F', { link: [notes], environment: { TABLE: notes.name } })`,
      'sst.config.ts': `export default $config({
        app(input) { return { name: 'shop', home: 'aws', removal: input?.stage === 'prod' ? 'retain' : 'remove' } },
        async run() {
          const { notes } = await import('./infra/tables')
          const bucket = new sst.aws.Bucket('B')
          new sst.aws.Dynamo('Named', { fields: { id: 'binary' }, primaryIndex: { hashKey: 'id' }, transform: { table: { name: 'named' } } })
          new sst.aws.Dynamo('ByFunction', { fields: { id: 'string' }, primaryIndex: { hashKey: 'id' },
            transform: { table: args => { args.name = $interpolate\`by-\${$app.name}-\${$app.stage}\` } } })
          new aws.dynamodb.Table('Raw', { name: 'raw', hashKey: 'id', billingMode: 'PAY_PER_REQUEST',
            attributes: [{ name: 'id', type: 'S' }], ttl: { attributeName: 'x', enabled: true } })
          return { table: notes.name, bucket: bucket.arn }
        },
      })`,
    }
    const { tables, warnings, error } = await read(files, 'sst.config.ts')
    expect(error).toBeUndefined()
    const on = { pointInTimeRecovery: true }
    expect(tables).toEqual({
      'shop-dev-Notes': plain('userId:S', {
        ...on,
        sortKey: 'noteId:N',
        stream: 'NEW_AND_OLD_IMAGES',
        ttl: 'expires',
        deletionProtection: true,
        globalIndexes: { byAt: { partitionKey: 'at:N', sortKey: '', projection: 'KEYS_ONLY' } },
        localIndexes: { local: { partitionKey: 'userId:S', sortKey: 'at:N', projection: 'ALL' } },
      }),
      named: plain('id:B', on),
      'by-shop-dev': plain('id:S', on),
      raw: plain('id:S', { ttl: 'x' }),
    })
    expect(warnings[0]).toBe(
      'Notes is called shop-dev-Notes here: SST chooses the name when it deploys; give its name with --name Notes=<table>',
    )
  })

  test('a config that fails, and one without tables', async () => {
    const failing = 'export default $config({ app() { return {} }, run() { throw new Error("no table today") } })'
    expect((await read({ 'sst.config.ts': failing }, 'sst.config.ts')).error).toContain('no table today')
    const empty = 'export default $config({ app() { return { name: "x" } }, async run() {} })'
    expect((await read({ 'sst.config.ts': empty }, 'sst.config.ts')).error).toBe(
      'sst.config.ts is a config of SST without DynamoDB tables',
    )
  })

  test('transforms may set every argument, and one bad table loses no other', async () => {
    const files = {
      'infra/tables.ts': `const index = { hashKey: 'id', rangeKey: 'at', projection: ['a'] }
        const key = { fields: { id: 'string', at: 'number', unused: 'string' }, primaryIndex: { hashKey: 'id' } }
        const bucket = new sst.aws.Bucket('B')
        new sst.aws.Dynamo('Off', { ...key, globalIndexes: { byId: index }, transform: { table: args => {
          args.name = args.hashKey + '-off'; args.pointInTimeRecovery = { enabled: false }; args.tags = { isA: 'b' } } } })
        new sst.aws.Dynamo('Cold', { ...key, transform: { table: { name: 'cold', tableClass: 'STANDARD_INFREQUENT_ACCESS' } } })
        new sst.aws.Dynamo('Unknown', { ...key, transform: { table: { name: \`\${bucket.name}-x\`, tags: { at: bucket.arn } } } })
        new sst.aws.Dynamo('Lost', { ...key, globalIndexes: { x: index } })`,
      'sst.config.ts': `export default $config({ app() { return { name: 'shop' } }, async run() { await import('./infra/tables') } })`,
    }
    const { tables, warnings } = await read(files, 'sst.config.ts')
    const byId = { partitionKey: 'id:S', sortKey: 'at:N', projection: ['a'] }
    expect(tables).toEqual({
      'id-off': plain('id:S', { globalIndexes: { byId }, pointInTimeRecovery: false, tags: { isA: 'b' } }),
      cold: plain('id:S', { pointInTimeRecovery: true, tableClass: 'STANDARD_INFREQUENT_ACCESS' }),
      'shop-dev-Unknown': plain('id:S', { pointInTimeRecovery: true }),
    })
    expect(warnings).toEqual([
      'Unknown is called shop-dev-Unknown here: its name is known only after the deployment; give its name with --name Unknown=<table>',
      'shop-dev-Unknown: the tags at are left out: they need aws.Bucket.arn'.replace('aws.', 'sst.aws.'),
      'Lost is called shop-dev-Lost here: SST chooses the name when it deploys; give its name with --name Lost=<table>',
      'infra/tables.ts:8:29 Lost is skipped: globalIndexes.x: index name "x" has 1 character; DynamoDB allows 3 to 255',
    ])
  })

  test('SST 2: stacks that use each other, without its package', async () => {
    const files = {
      'stacks/storage.ts': `import { Table, type StackContext } from 'sst/constructs'
        import { Table as CdkTable, AttributeType } from 'aws-cdk-lib/aws-dynamodb'
        export function Storage({ stack, app }: StackContext) {
          new CdkTable(stack, 'Raw', { partitionKey: { name: 'id', type: AttributeType.STRING } })
          const notes = new Table(stack, 'Notes', { fields: { owner: 'string', at: 'number', text: 'string' },
            primaryIndex: { partitionKey: 'owner', sortKey: 'at' }, timeToLiveAttribute: 'ends', stream: true,
            globalIndexes: { byAt: { partitionKey: 'at', projection: 'keys_only' } }, localIndexes: { own: { sortKey: 'at' } } })
          return { notes, suffix: app.stage }
        }`,
      'stacks/api.ts': `import { Api, Table, use } from 'sst/constructs'
        import { Storage } from './storage'
        export async function Web({ stack }) {
          const { notes, suffix } = use(Storage)
          const api = new Api(stack, 'api', { routes: { 'GET /': { function: { environment: { TABLE: notes.tableName } } } } })
          new Table(stack, 'Named', { fields: { id: 'string' }, primaryIndex: { partitionKey: 'id' },
            cdk: { table: { tableName: 'named-' + suffix, pointInTimeRecovery: false } } })
          stack.addOutputs({ url: api.url ?? 'none' })
        }`,
      'sst.config.ts': `import type { SSTConfig } from 'sst'
        import { Web } from './stacks/api'
        import { Storage } from './stacks/storage'
        export default { config: () => ({ name: 'shop', region: 'eu-west-1' }),
          stacks(app) { app.setDefaultFunctionProps({}); app.stack(Storage).stack(Web) } } satisfies SSTConfig`,
    }
    const { tables, warnings, error } = await read(files, 'sst.config.ts', () => ({ inputs: { stage: 'test' } }))
    expect(error).toBeUndefined()
    expect(tables).toEqual({
      'test-shop-Notes': plain('owner:S', {
        sortKey: 'at:N',
        ttl: 'ends',
        stream: 'NEW_AND_OLD_IMAGES',
        pointInTimeRecovery: true,
        globalIndexes: { byAt: { partitionKey: 'at:N', sortKey: '', projection: 'KEYS_ONLY' } },
        localIndexes: { own: { partitionKey: 'owner:S', sortKey: 'at:N', projection: 'ALL' } },
      }),
      'named-test': plain('id:S', { pointInTimeRecovery: false }),
    })
    expect(warnings[0]).toBe('stacks/storage.ts:4:32 Raw is skipped: the CDK makes it; give dynamox its cdk.out')
  })
})

describe('modules that a script imports and that do not exist', { timeout: 30_000 }, () => {
  const table = (name: string) =>
    `{ Type: 'AWS::DynamoDB::Table', Properties: { TableName: ${name}, BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }] } }`
  test.each([
    ['serverless.ts', 'import', 'export default'],
    ['serverless.js', 'require', 'module.exports ='],
  ])('%s', async (name, style, exported) => {
    const importing = (what: string, from: string) =>
      style === 'import' ? `import ${what} from '${from}'` : `const ${what} = require('${from}')`
    const files = {
      'present.js': `module.exports = 'present-table'`,
      [name]: `${importing('dotenv', 'dotenv')}
        ${importing('hello', '@functions/hello')}
        ${importing('{ names, more }', './absent/tables')}
        ${importing('present', './present')}
        dotenv.config()
        ${exported} { service: 'shop', provider: { name: 'aws' }, functions: { hello },
          resources: { Resources: { Own: ${table("'own-table'")}, Other: ${table('names.other')}, Text: ${table('`$' + '{names.text}-x`')},
            Present: ${table('present')}, Lost: { ...${table("'lost-table'")}, Properties: { ...more, KeySchema: more.key } } } } }`,
    }
    const { tables, warnings, error } = await read(files, name)
    expect(error).toBeUndefined()
    expect(Object.keys(tables)).toEqual(['own-table', 'shop-dev-Other', 'shop-dev-Text', 'present-table'])
    expect(warnings).toEqual([
      `${name} imports dotenv, @functions/hello, ./absent/tables, which cannot be found; what depends on it is left out`,
      expect.stringMatching(/Lost is skipped: its KeySchema cannot be resolved: .*more\.key is not known here/),
      expect.stringContaining('Other is called shop-dev-Other here: ./absent/tables.names.other is not known here'),
      expect.stringContaining('Text is called shop-dev-Text here: ./absent/tables.names.text is not known here'),
    ])
  })

  test('a script of a file() that fails, and one that asks the framework', async () => {
    const files = {
      'broken.js': 'throw new Error("not today")',
      'asks.js': `module.exports = async ({ resolveVariable, resolveConfigurationProperty, options }) => ({
        name: (await resolveVariable('self:custom.base')) + '-' + (await resolveConfigurationProperty(['provider', 'stage'])) })`,
      'serverless.yml': `service: shop
custom: { base: notes, broken: '\${file(./broken.js):name}', asks: '\${file(./asks.js):name}' }
provider: { name: aws, stage: test }
resources:
  Resources:
    A: ${table('"${self:custom.asks}"')}
    B: ${table('"${self:custom.broken}"')}
`,
    }
    const { tables, warnings } = await read(files, 'serverless.yml')
    expect(Object.keys(tables)).toEqual(['notes-test', 'shop-test-B'])
    expect(warnings).toEqual([
      'B is called shop-test-B here: broken.js:1:18: not today; give its name with --name B=<table>',
    ])
  })

  test('a module that a package lacks is an error of that package', async () => {
    const files = {
      'node_modules/half/index.js': `require('absent')`,
      'node_modules/half/package.json': '{ "name": "half" }',
      'jest-dynamodb-config.js': `require('half'); module.exports = { tables: [] }`,
    }
    const { error } = await read(files, 'jest-dynamodb-config.js')
    expect(error).toContain("Cannot find module 'absent'")
  })
})
