// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such placeholders are the language of these tests
import { describe, expect, test } from 'vitest'
import type { LoadOptions } from '../../src/load/load-options.ts'
import { plain, read } from './support/read.ts'

const table = (name: string, more = '') => `
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: ${name}
        BillingMode: PAY_PER_REQUEST
        AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
        KeySchema: [{ AttributeName: id, KeyType: HASH }]
${more}`

const service = (name: string, head = '') => `service: shop
provider:
  name: aws
  stage: \${opt:stage, self:custom.stage}
  region: eu-west-1
custom:
  stage: \${opt:stage, 'dev'}
  names:
    dev: dev-users
    prod: users
  indexes: by-mail
${head}
resources:
  Resources:
    Users:${table(name)}
`

const names = async (text: string, files: Readonly<Record<string, string>> = {}, options: LoadOptions = {}) => {
  const { tables, warnings, error } = await read({ 'serverless.yml': text, ...files }, 'serverless.yml', () => options)
  return { names: Object.keys(tables), warnings, ...(error === undefined ? {} : { error }) }
}

test('provider.stackName is the name of the stack', async () => {
  const text = service('!Ref AWS::StackName').replace(
    '  name: aws\n',
    '  name: aws\n  stackName: ${self:service}-own-${sls:stage}\n',
  )
  expect((await names(text)).names).toEqual(['shop-own-dev'])
})

describe('variables in names', () => {
  const called = (why: string) =>
    `Users is called shop-dev-Users here: ${why}${why.includes('give it with') ? '' : '; give its name with --name Users=<table>'}`
  test.each<[string, string, string[]]>([
    ['users', 'users', []],
    ['${self:service}-users', 'shop-users', []],
    ['${self:provider.stage}-${sls:stage}-${opt:stage}', 'dev-dev-dev', []],
    ['${self:custom.names.${self:provider.stage}}', 'dev-users', []],
    ['${self:custom.names.${opt:stage, "prod"}}', 'users', []],
    ["${opt:table, 'from-default'}", 'from-default', []],
    ["${env:NO_SUCH_VARIABLE, self:custom.none, 'third'}", 'third', []],
    ["${opt:a, ${opt:b, ${opt:c, 'nested'}}}", 'nested', []],
    ['!Sub "${AWS::StackName}-users"', 'shop-dev-users', []],
    ['!Sub "${self:service}-${AWS::Region}"', 'shop-eu-west-1', []],
    ['!Join ["-", ["${self:service}", !Ref AWS::StackName]]', 'shop-shop-dev', []],
    ['${param:table}', 'from-params', []],
    ['users-${aws:region}', 'users-eu-west-1', []],
    ['users-#{AWS::Region}', 'users-eu-west-1', []],
    ['${file(names.yml):tables.users}', 'yaml-shop', []],
    ['${file(./names.json):tables.users}', 'json-users', []],
    ['${file(names-${self:provider.stage}.yml):users}', 'of-dev', []],
    ['${file(name.txt)}', 'text-users', []],
    ["${file(missing.yml):users, 'without-file'}", 'without-file', []],
    [
      '${env:NO_SUCH_VARIABLE}-users',
      'shop-dev-Users',
      [called('the environment variable NO_SUCH_VARIABLE is not set')],
    ],
    ['${opt:table}', 'shop-dev-Users', [called('the option table has no value; give it with --param table=...')]],
    ['${ssm:/shop/table}', 'shop-dev-Users', [called('${ssm:/shop/table} is known only when the service is deployed')]],
    ['${cf:other.Table}', 'shop-dev-Users', [called('${cf:other.Table} is known only when the service is deployed')]],
    ['${self:custom.loop}', 'shop-dev-Users', [called('self:custom.loop refers to itself')]],
    ['${self:custom.names}', 'shop-dev-Users', [called('its TableName must be a string, not an object')]],
    ['${self:custom.none, }', 'shop-dev-Users', [called('custom.none does not exist')]],
    ['${file(missing.yml):users}', 'shop-dev-Users', [called('the file missing.yml does not exist')]],
  ])('%s', async (name, expected, warnings) => {
    const head = '  loop: ${self:custom.back}\n  back: ${self:custom.loop}\nparams:\n  default:\n    table: from-params'
    const files = {
      'names.yml': 'tables:\n  users: yaml-${self:service}\n',
      'names.json': '{ "tables": { "users": "json-users" } }',
      'names-dev.yml': 'users: of-dev\n',
      'name.txt': 'text-users\n',
    }
    const quoted = name.startsWith('!') ? name : `'${name.replaceAll("'", "''")}'`
    expect(await names(service(quoted, head), files)).toEqual({ names: [expected], warnings })
  })

  test.each<[string, LoadOptions, string]>([
    ['--stage', { inputs: { stage: 'prod' } }, 'shop-prod-prod'],
    ['--param', { inputs: { parameters: { x: 'y' }, stage: 'dev' } }, 'shop-dev-dev'],
  ])('inputs: %s', async (_, options, expected) => {
    const text = service('"${self:service}-${self:custom.stage}-${self:provider.stage}"')
    expect((await names(text, {}, options)).names).toEqual([expected])
  })
})

test.each([
  ['serverless.yml', 'serverless.yml:5:76'],
  ['serverless.ts', 'serverless.ts:1:88'],
])('%s: a table that is skipped has a place', async (name, place) => {
  const lost = `{ Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'lost', KeySchema: '\${self:custom.none}' } }`
  const own = `{ Type: 'AWS::Serverless::SimpleTable', Properties: { TableName: 'own-table' } }`
  const text = name.endsWith('.ts')
    ? `export default { service: 'shop', provider: { name: 'aws' }, resources: { Resources: { Lost: ${lost}, Own: ${own} } } }`
    : `service: shop\nprovider: { name: aws }\nresources:\n  Resources:\n    Lost: ${lost}\n    Own: ${own}\n`
  const { tables, warnings } = await read({ [name]: text }, name)
  expect(Object.keys(tables)).toEqual(['own-table'])
  expect(warnings).toEqual([`${place} Lost is skipped: its KeySchema cannot be resolved: custom.none does not exist`])
})

test('a misspelt type', async () => {
  const text = service('users').replace('AWS::DynamoDB::Table', 'AWS::DynamoDB::Tabel')
  expect((await names(text)).error).toContain('is not a resource type; did you mean "AWS::DynamoDB::Table"?')
})

test.each([
  ['.env.prod', { '.env': 'PLAIN_NAME=wrong', '.env.prod': 'export PLAIN_NAME="of-prod" # comment' }, 'of-prod'],
  ['.env', { '.env': 'PLAIN_NAME=of-all' }, 'of-all'],
])('useDotenv: %s', async (_, files, name) => {
  const text = service('${env:PLAIN_NAME}', 'useDotenv: true')
  expect((await names(text, files, { inputs: { stage: 'prod' } })).names).toEqual([name])
  expect((await names(text.replace('useDotenv: true', ''), files, { inputs: { stage: 'prod' } })).names).toEqual([
    'shop-prod-Users',
  ])
})

test('serverless.json on one line', async () => {
  const resource = { Type: 'AWS::Serverless::SimpleTable', Properties: { TableName: '${self:service}-users' } }
  const text = JSON.stringify({
    service: 'shop',
    provider: { name: 'aws' },
    resources: { Resources: { Users: resource } },
  })
  expect((await read({ 'serverless.json': text }, 'serverless.json')).tables).toEqual({ 'shop-users': plain('id:S') })
})

test('the syntax of variables that a service of version 1 chose', async () => {
  const text = service('${{self:custom.stage}}-users-#{AWS::Region}', 'variableSyntax: "\\\\${{([ ~:a-zA-Z0-9._]+?)}}"')
  expect((await names(text.replaceAll(/\$\{(?!\{)([^}]*)\}/g, '$${{$1}}'))).names).toEqual(['dev-users-eu-west-1'])
})

describe('resources', () => {
  const head = 'service: { name: shop }\nprovider: { name: aws }\n'

  test('a list of objects and files, of which some are absent', async () => {
    const text = `${head}resources:
  - \${file(resources/users.yml)}
  - Resources: \${file(resources/map.yml):Resources}
  - \${file(resources/map.yml):Other}
  - \${file(resources/absent.yml)}
  - Resources:
      Inline:${table('inline').replaceAll('\n', '\n  ')}
      Bucket: \${file(absent-bucket.yml)}
  - Outputs: { X: { Value: '\${file(absent.yml)}' } }
`
    const found = await names(text, {
      'resources/users.yml': `Resources:\n    Users:${table('"users-${self:provider.stage, self:service.name}"')}`,
      'resources/map.yml': `Resources:\n    Orders:${table('orders')}\nOther:\n    Items:${table('items')}`,
    })
    expect(found).toEqual({
      names: ['users-shop', 'orders', 'items', 'inline'],
      warnings: [
        'serverless.yml: resources[3] is not read: the file resources/absent.yml does not exist',
        'serverless.yml: Bucket is not read: the file absent-bucket.yml does not exist',
      ],
    })
  })

  test('parts of a table from variables, conditions, and the whole definition', async () => {
    const text = `${head}custom:
  capacity: { dev: 2 }
  key: [{ AttributeName: id, KeyType: HASH }]
resources:
  Conditions:
    IsProd: !Equals ['\${opt:stage, "dev"}', prod]
  Resources:
    Users:
      Type: AWS::DynamoDB::Table
      DeletionPolicy: Retain
      Properties:
        TableName: users
        AttributeDefinitions: [{ AttributeName: id, AttributeType: N }, { AttributeName: mail, AttributeType: S }]
        KeySchema: \${self:custom.key}
        ProvisionedThroughput:
          ReadCapacityUnits: \${self:custom.capacity.\${opt:stage, 'dev'}}
          WriteCapacityUnits: '\${self:custom.capacity.dev}'
        GlobalSecondaryIndexes:
          - IndexName: \${self:service.name}-by-mail
            KeySchema: [{ AttributeName: mail, KeyType: HASH }]
            Projection: { ProjectionType: ALL }
            ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }
        StreamSpecification: { StreamViewType: KEYS_ONLY }
        TimeToLiveSpecification: { AttributeName: expires, Enabled: true }
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: !If [IsProd, true, false] }
        SSESpecification: { SSEEnabled: true }
        Tags: [{ Key: stage, Value: '\${sls:stage}' }]
`
    const { tables, warnings } = await read({ 'serverless.yml': text }, 'serverless.yml')
    expect(warnings).toEqual([])
    expect(tables).toEqual({
      users: plain('id:N', {
        billingMode: 'PROVISIONED',
        readCapacity: 2,
        writeCapacity: 2,
        stream: 'KEYS_ONLY',
        ttl: 'expires',
        pointInTimeRecovery: false,
        encryption: 'AWS_MANAGED',
        tags: { stage: 'dev' },
        globalIndexes: {
          'shop-by-mail': { partitionKey: 'mail:S', sortKey: '', projection: 'ALL', readCapacity: 1, writeCapacity: 1 },
        },
      }),
    })
  })

  test('a file of resources alone takes the variables of the service above it', async () => {
    const files = {
      'serverless.yml': service('users'),
      'resources/orders.yml': `Resources:\n    Orders:${table('"${self:service}-orders-${self:provider.stage}"')}`,
    }
    expect(Object.keys((await read(files, 'resources/orders.yml')).tables)).toEqual(['shop-orders-dev'])
  })

  test('a table without a name, and problems with their places', async () => {
    const text = service('users').replace(/ {8}TableName: .*\n/, '')
    expect(await names(text)).toMatchObject({ names: ['shop-dev-Users'] })
    const bad = service('users').replace('KeyType: HASH', 'KeyType: PRIMARY')
    expect((await names(bad)).error).toMatch(/^serverless\.yml:\d+:\d+: Users › KeySchema\[0\]/)
  })

  test('a service without tables', async () => {
    expect((await names(`${head}functions: {}\n`)).error).toBe(
      'serverless.yml is a service of the Serverless Framework without DynamoDB tables',
    )
  })
})

describe('scripts', { timeout: 30_000 }, () => {
  test('serverless.ts, with other modules and a function as its export', async () => {
    const files = {
      'tables.ts': `export const users: object = { Type: 'AWS::DynamoDB::Table', Properties: {
        TableName: 'users-\${self:provider.stage}', BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] } }`,
      'serverless.ts': `import { users } from './tables'
        const config = { service: 'shop', provider: { name: 'aws', stage: "\${opt:stage, 'dev'}" }, functions: { f: { handler: () => 1 } }, resources: { Resources: { Users: users } } }
        module.exports = config`,
    }
    expect((await read(files, 'serverless.ts')).tables).toEqual({ 'users-dev': plain('id:S') })
  })

  test('file() with a script: a value, a member, a function', async () => {
    const name = "'${file(names.js):stage}-${file(names.js):table}-${file(whole.js):users}'"
    const files = {
      'names.js': "module.exports = { stage: 'x', table: ({ options }) => `of-${options.stage}` }",
      'whole.js': "module.exports = () => ({ users: 'y' })",
    }
    expect(await names(service(name), files, { inputs: { stage: 'prod' } })).toEqual({
      names: ['x-of-prod-y'],
      warnings: [],
    })
  })
})

describe('hostile services', () => {
  test('a file outside the project', async () => {
    expect(await names(service("'${file(../../etc/passwd)}'"))).toEqual({
      names: [],
      warnings: [],
      error: expect.stringMatching(/^serverless\.yml leads to .*etc.passwd, which is outside the project$/),
    })
  })

  test('what is never asked for is never read', async () => {
    const head = 'functions: ${file(../../etc/passwd)}'
    expect(await names(service('users', head))).toEqual({ names: ['users'], warnings: [] })
  })

  test.each([
    [
      'doubling texts',
      Array.from({ length: 40 }, (_, at) => `  a${at}: '\${self:custom.a${at + 1}}\${self:custom.a${at + 1}}'`).join(
        '\n',
      ),
    ],
    [
      'doubling lists',
      Array.from(
        { length: 40 },
        (_, at) => `  a${at}: ['\${self:custom.a${at + 1}}', '\${self:custom.a${at + 1}}']`,
      ).join('\n'),
    ],
  ])('%s', async (_, head) => {
    const text = service("'${self:custom.a0}'", `${head}\n  a40: xxxxxxxx`).replace(
      'AttributeDefinitions: [',
      "Tags: '${self:custom.a0}'\n        AttributeDefinitions: [",
    )
    const before = Date.now()
    expect((await names(text)).error).toContain('serverless.yml: its variables expand without end')
    expect(Date.now() - before).toBeLessThan(5_000)
  })

  test('__proto__ is a name like any other', async () => {
    expect(await names(service('\'${self:__proto__.polluted, "safe"}\''))).toEqual({ names: ['safe'], warnings: [] })
  })

  test('variables in variables without end', async () => {
    const deep = `${'${self:custom.'.repeat(900)}x${'}'.repeat(900)}`
    expect((await names(service(`'${deep}'`))).names).toEqual(['shop-dev-Users'])
  })
})
