// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such placeholders are the language of these tests
import { describe, expect, test } from 'vitest'
import type { TemplateInputs } from '../../src/table/input.ts'
import { plain, read } from './support/read.ts'

const keys = `KeySchema: [{ AttributeName: id, KeyType: HASH }]
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      BillingMode: PAY_PER_REQUEST`

/** A template with one table, `Orders`, with these properties beside a key. */
const table = (properties: string, head = '') => `${head}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      ${keys}
${properties
  .split('\n')
  .map(line => `      ${line}`)
  .join('\n')}
`

const load = (text: string, inputs: TemplateInputs = {}, file = 'template.yaml') =>
  read({ [file]: text }, file, () => ({ inputs, region: 'eu-west-1' }))

describe('a table', () => {
  test.each(['yes', '"TRUE"', 'On', 'true'])('%s is a flag that is on', async flag => {
    const { tables } = await load(table(`PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: ${flag} }`))
    expect(Object.values(tables)).toEqual([plain('id:S', { pointInTimeRecovery: true })])
  })

  test('every property, in the spelling of CloudFormation', async () => {
    const found = await load(`
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: !If [Never, Retain, Delete]
    Properties:
      TableName: orders
      AttributeDefinitions:
        - { AttributeName: id, AttributeType: S }
        - { AttributeName: at, AttributeType: N }
        - { AttributeName: status, AttributeType: S }
      KeySchema: [{ AttributeName: id, KeyType: HASH }, { AttributeName: at, KeyType: RANGE }]
      ProvisionedThroughput: { ReadCapacityUnits: "4", WriteCapacityUnits: 2 }
      GlobalSecondaryIndexes:
        - IndexName: by-status
          KeySchema: [{ AttributeName: status, KeyType: HASH }]
          Projection: { ProjectionType: INCLUDE, NonKeyAttributes: [total, 2] }
          ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: '1' }
          ContributorInsightsSpecification: { Enabled: true }
      LocalSecondaryIndexes:
        - IndexName: by-status-local
          KeySchema: [{ AttributeName: id, KeyType: HASH }, { AttributeName: status, KeyType: RANGE }]
          Projection: { ProjectionType: KEYS_ONLY }
      StreamSpecification: { StreamViewType: NEW_IMAGE, ResourcePolicy: { PolicyDocument: {} } }
      SSESpecification: { SSEEnabled: 'true', SSEType: KMS, KMSMasterKeyId: alias/orders }
      TimeToLiveSpecification: { AttributeName: expires, Enabled: true }
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 }
      ContributorInsightsSpecification: { Enabled: true, Mode: THROTTLED_KEYS }
      KinesisStreamSpecification: { StreamArn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders' }
      ResourcePolicy: { PolicyDocument: { Version: '2012-10-17', Statement: [] } }
      TableClass: STANDARD_INFREQUENT_ACCESS
      DeletionProtectionEnabled: true
      WarmThroughput: { ReadUnitsPerSecond: 12000 }
      ImportSourceSpecification: { InputFormat: CSV }
      Tags: [{ Key: team, Value: shop }, { Key: 1, Value: 0123 }, { Key: on, Value: true }]
`)
    expect(found).toEqual({
      tables: {
        orders: {
          partitionKey: 'id:S',
          sortKey: 'at:N',
          billingMode: 'PROVISIONED',
          readCapacity: 4,
          writeCapacity: 2,
          globalIndexes: {
            'by-status': {
              partitionKey: 'status:S',
              sortKey: '',
              projection: ['total', '2'],
              readCapacity: 1,
              writeCapacity: 1,
              contributorInsights: true,
            },
          },
          localIndexes: { 'by-status-local': { partitionKey: 'id:S', sortKey: 'status:S', projection: 'KEYS_ONLY' } },
          stream: 'NEW_IMAGE',
          encryption: 'CUSTOMER_MANAGED',
          kmsKeyId: 'alias/orders',
          ttl: 'expires',
          pointInTimeRecovery: 7,
          contributorInsights: 'THROTTLED_KEYS',
          kinesis: { arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders' },
          resourcePolicy: '{"Version":"2012-10-17","Statement":[]}',
          tableClass: 'STANDARD_INFREQUENT_ACCESS',
          deletionProtection: true,
          warmReadUnits: 12000,
          tags: { team: 'shop', '1': '0123', on: 'true' },
        },
      },
      warnings: [
        'Orders: StreamSpecification.ResourcePolicy is left out: dynamox has no field for the policy of a stream',
        expect.stringContaining('localIndexes: a table with local indexes'),
      ],
      items: {},
    })
  })

  test.each([
    ['nothing at all: a string key id', '', {}, plain('id:S')],
    ['a key', 'PrimaryKey: { Name: at, Type: Number }', {}, plain('at:N')],
    [
      'a capacity',
      'ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 }',
      {},
      plain('id:S', { billingMode: 'PROVISIONED', readCapacity: 3, writeCapacity: 4 }),
    ],
    ['tags are a map', 'Tags: { a: 1, b: c }', {}, plain('id:S', { tags: { a: '1', b: 'c' } })],
  ])('a simple table of SAM: %s', async (_, properties, inputs, expected) => {
    const text = `Resources:\n  Orders:\n    Type: AWS::Serverless::SimpleTable\n    Properties:\n      TableName: orders\n      ${properties}\n`
    expect(await load(text, inputs)).toEqual({ tables: { orders: expected }, warnings: [], items: {} })
  })

  test('the globals of SAM hold for simple tables', async () => {
    const text = `
Globals: { SimpleTable: { SSESpecification: { SSEEnabled: true } } }
Resources: { Orders: { Type: AWS::Serverless::SimpleTable } }
`
    expect((await load(text, { names: { Orders: 'orders' } })).tables).toEqual({
      orders: plain('id:S', { encryption: 'AWS_MANAGED' }),
    })
  })

  test('a global table is the table of the own region; auto scaling starts where it says', async () => {
    const { tables, warnings, error } = await load(`
Resources:
  Orders:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      TableName: orders
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      BillingMode: PROVISIONED
      GlobalSecondaryIndexes:
        - IndexName: by-id
          KeySchema: [{ AttributeName: id, KeyType: HASH }]
          Projection: { ProjectionType: ALL }
          WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: { MinCapacity: 2, MaxCapacity: 9 } }
      WriteProvisionedThroughputSettings:
        WriteCapacityAutoScalingSettings: { MinCapacity: 1, MaxCapacity: 9, SeedCapacity: 4 }
      SSESpecification: { SSEEnabled: true, SSEType: KMS }
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
      Replicas:
        - Region: us-east-1
          Tags: [{ Key: a, Value: other }]
          ResourcePolicy: { PolicyDocument: { Statement: [] } }
          SSESpecification: { KMSMasterKeyId: alias/other }
        - Region: eu-west-1
          Tags: [{ Key: a, Value: own }]
          DeletionProtectionEnabled: true
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }
          ReadProvisionedThroughputSettings: { ReadCapacityUnits: 7 }
          SSESpecification: { KMSMasterKeyId: alias/own }
          GlobalSecondaryIndexes:
            - { IndexName: by-id, ReadProvisionedThroughputSettings: { ReadCapacityUnits: 3 } }
`)
    expect(error).toBeUndefined()
    expect(warnings).toContain(
      'Orders: us-east-1: ResourcePolicy is left out: dynamox has no field for it on a replica',
    )
    expect(warnings.join('\n')).not.toContain('given')
    expect(tables.orders).toMatchObject({
      partitionKey: 'id:S',
      billingMode: 'PROVISIONED',
      readCapacity: 7,
      writeCapacity: 4,
      globalIndexes: { 'by-id': { readCapacity: 3, writeCapacity: 2 } },
      tags: { a: 'own' },
      deletionProtection: true,
      pointInTimeRecovery: true,
      encryption: 'CUSTOMER_MANAGED',
      kmsKeyId: 'alias/own',
      replicas: [{ region: 'us-east-1', kmsKeyId: 'alias/other', tags: { a: 'other' } }],
    })
  })

  test.each([
    ['Replicas: [{ Regio: eu-west-1 }]', 'Replicas[0].Regio Replicas[0] has no member "Regio"; did you mean "Region"?'],
    ['Replicas: { Region: eu-west-1 }', 'Replicas must be a list, not '],
    ['Replicas: [{ Region: eu-west-1, TableClas: STANDARD }]', 'Replicas[0].TableClas '],
    [
      'Replicas: [{ Region: eu-west-1, PointInTimeRecoverySpecification: { Enabled: true } }]',
      'Replicas[0].PointInTimeRecoverySpecification.Enabled ',
    ],
    [
      'Replicas: [{ Region: eu-west-1, GlobalSecondaryIndexes: [{ IndexName: a, ReadProvisionedThroughputSettings: { Units: 1 } }] }]',
      'Replicas[0].GlobalSecondaryIndexes.a.ReadProvisionedThroughputSettings.Units ',
    ],
    [
      'Replicas: [{ Region: a }, { Region: b, PointInTimeRecoverySpecification: { RecoveryPeriodInDays: 7 } }]',
      'Replicas[1].PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled is missing; write true or false',
    ],
    [
      'Replicas: [{ Region: a }, { Region: b, Tags: [{ Key: a, Value: x }, { Key: a, Value: y }] }]',
      'Replicas[1].Tags[1] the key "a" is given twice; keep one',
    ],
    ['GlobalTableWitnesses: [{ Name: eu-west-1 }]', 'GlobalTableWitnesses[0].Name '],
    [
      'WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: { Min: 1 } }',
      'WriteProvisionedThroughputSettings.WriteCapacityAutoScalingSettings.Min ',
    ],
    ['WriteOnDemandThroughputSettings: { MaxWriteUnits: 1 }', 'WriteOnDemandThroughputSettings.MaxWriteUnits '],
    [
      'GlobalSecondaryIndexes: [{ IndexName: a, KeySchema: [{ AttributeName: id, KeyType: HASH }], Projection: { ProjectionType: ALL }, WriteProvisionedThroughputSettings: { Units: 1 } }]',
      'GlobalSecondaryIndexes.a.WriteProvisionedThroughputSettings.Units ',
    ],
  ])('a global table with a property that is wrong: %s', async (property, problem) => {
    const { tables, error } = await load(table(property).replace('DynamoDB::Table', 'DynamoDB::GlobalTable'))
    expect([tables, error]).toEqual([{}, expect.stringContaining(`Orders › ${problem}`)])
  })

  test('a simple table of SAM whose key has a member that does not exist', async () => {
    const text = `Resources:\n  Orders:\n    Type: AWS::Serverless::SimpleTable\n    Properties:\n      PrimaryKey: { Nam: at }\n`
    expect((await load(text)).error).toContain('PrimaryKey has no member "Nam"; did you mean "Name"?')
  })

  test('a table of Amplify, with members in lower case', async () => {
    const template = {
      Resources: {
        TodoTable: {
          Type: 'Custom::AmplifyDynamoDBTable',
          Properties: {
            ServiceToken: { Ref: 'Handler' },
            tableName: { 'Fn::Join': ['', ['Todo-', { 'Fn::GetAtt': ['Api', 'ApiId'] }, '-NONE']] },
            attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }],
            keySchema: [{ attributeName: 'id', keyType: 'HASH' }],
            billingMode: 'PAY_PER_REQUEST',
            streamSpecification: { streamViewType: 'NEW_AND_OLD_IMAGES' },
            sseSpecification: { sseEnabled: false },
            deletionProtectionEnabled: true,
            allowDestructiveGraphqlSchemaUpdates: true,
            replaceTableUponGsiUpdate: false,
          },
        },
      },
    }
    expect(await load(JSON.stringify(template), { stackName: 'app' }, 'Data.template.json')).toEqual({
      tables: {
        'app-TodoTable': plain('id:S', {
          stream: 'NEW_AND_OLD_IMAGES',
          encryption: 'AWS_OWNED',
          deletionProtection: true,
        }),
      },
      warnings: [
        'TodoTable is called app-TodoTable here: ApiId of Api is known only after it is deployed; give its name with --name TodoTable=<table>',
      ],
      items: {},
    })
  })
})

describe('functions in a name', () => {
  const head = `
Parameters:
  Stage: { Type: String, Default: dev }
  Prefix: { Type: String, Default: '' }
  Secret: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /app/secret }
  Open: { Type: String }
  Many: { Type: CommaDelimitedList, Default: 'one, two,three' }
Mappings: { Names: { dev: { orders: mapped-dev }, prod: { orders: mapped-prod } } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  NotProd: !Not [!Condition IsProd]
  Either: !Or [!Equals [!Ref Open, x], !Condition NotProd]
  Both: !And [!Condition NotProd, !Equals ['1', 1]]`

  test.each<readonly [string, TemplateInputs, string]>([
    ['!Ref Stage', {}, 'dev'],
    ['!Ref Stage', { parameters: { Stage: 'prod' } }, 'prod'],
    ['{ Ref: Stage }', {}, 'dev'],
    ["!Sub '${Prefix}orders-${Stage}'", {}, 'orders-dev'],
    ["!Sub 'orders-${AWS::Region}-${AWS::Partition}'", {}, 'orders-eu-west-1-aws'],
    ["!Sub 'orders-${AWS::AccountId}'", { parameters: { 'AWS::AccountId': '123456789012' } }, 'orders-123456789012'],
    ["!Sub ['${a}-${Stage}', { a: !Ref Stage }]", {}, 'dev-dev'],
    ["!Sub 'x${!Stage}'", {}, '!'],
    ['!Sub "${AWS::StackName}-orders"', { stackName: 'shop' }, 'shop-orders'],
    ["!Join ['-', [orders, !Ref Stage]]", {}, 'orders-dev'],
    ["Fn::Join: ['-', !Ref Many]", {}, 'one-two-three'],
    ['!Select [1, !Ref Many]', {}, 'two'],
    ["!Select ['2', !Split ['/', 'aaa/bbb/ccc']]", {}, 'ccc'],
    ['!FindInMap [Names, !Ref Stage, orders]', {}, 'mapped-dev'],
    ['!FindInMap [Names, other, orders, { DefaultValue: by-default }]', {}, 'by-default'],
    ['!If [IsProd, yes-prod, not-prod]', {}, 'not-prod'],
    ['!If [IsProd, yes-prod, not-prod]', { parameters: { Stage: 'prod' } }, 'yes-prod'],
    ['!If [Either, either, neither]', {}, 'either'],
    ['!If [Both, both, neither]', {}, 'both'],
    ["!Sub ['n${n}-orders', { n: !Length [a, b] }]", {}, 'n2-orders'],
    ['!Ref Secret', { parameters: { Secret: 'resolved' } }, 'resolved'],
    ['!Ref Anything', { names: { Orders: 'by-name' } }, 'by-name'],
    ['!Ref Anything', { names: { 'template.yaml#Orders': 'by-file' } }, 'by-file'],
  ])('TableName: %s %j -> %s', async (name, inputs, expected) => {
    const text = table(name.startsWith('Fn') ? `TableName:\n  ${name}` : `TableName: ${name}`, head)
    const { tables, error } = await load(text, inputs)
    if (expected === '!') expect(error).toContain('x${Stage}')
    else expect([Object.keys(tables), error]).toEqual([[expected], undefined])
  })

  test.each<readonly [string, string]>([
    ['!Ref Open', 'the parameter Open has no value; give it with --param Open=<value>'],
    ['!Ref Secret', 'the parameter Secret is read from the Parameter Store; give it with --param Secret=<value>'],
    ["!Sub '${AWS::StackName}-x'", 'the name of the stack is not known; give it with --stack-name <name>'],
    ["!Sub '${AWS::AccountId}'", 'AWS::AccountId has no value; give it with --param AWS::AccountId=<value>'],
    ['!If [Nowhere, a, b]', ''],
    ['!GetAtt Other.Arn', 'Arn of Other is known only after it is deployed; give its name with --name Orders=<table>'],
    ["!ImportValue 'x'", 'Fn::ImportValue takes a value from another stack; give its name with --name Orders=<table>'],
    [
      "'{{resolve:ssm:/x}}'",
      '{{resolve:ssm:/x}} is read from another service when the stack is deployed; give its name with --name Orders=<table>',
    ],
    [
      '!FindInMap [Names, qa, orders]',
      'Fn::FindInMap finds nothing at Names.qa.orders; give its name with --name Orders=<table>',
    ],
  ])('TableName: %s is a placeholder', async (name, why) => {
    const found = await load(table(`TableName: ${name}`, head))
    if (why === '') expect(found.error).toContain('the template has no condition Nowhere')
    else
      expect(found).toEqual({
        tables: { 'template-Orders': plain('id:S') },
        warnings: [`Orders is called template-Orders here: ${why}`],
        items: {},
      })
  })

  test('a parameter or a name that no template has causes a warning', async () => {
    const { warnings } = await load(table('TableName: orders', head), {
      parameters: { Stagee: 'x' },
      names: { Order: 'x' },
    })
    expect(warnings).toEqual([
      '--name Order is not used: no template has this logical id; did you mean "Orders"?',
      '--param Stagee is not used: no template has this parameter; did you mean "Stage"?',
    ])
  })
})

describe('parts that are conditional, or written by loops', () => {
  test('If and NoValue in lists, for members and for whole blocks', async () => {
    const text = `
Parameters: { Stage: { Type: String, Default: dev } }
Conditions: { IsDev: !Equals [!Ref Stage, dev] }
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      BillingMode: !If [IsDev, PAY_PER_REQUEST, !Ref AWS::NoValue]
      ProvisionedThroughput: !If [IsDev, !Ref AWS::NoValue, { ReadCapacityUnits: 9, WriteCapacityUnits: 8 }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }, !If [IsDev, { AttributeName: at, KeyType: RANGE }, !Ref AWS::NoValue]]
      AttributeDefinitions: !If
        - IsDev
        - [{ AttributeName: id, AttributeType: S }, { AttributeName: at, AttributeType: N }]
        - [{ AttributeName: id, AttributeType: S }]
      StreamSpecification: !If [IsDev, { StreamViewType: KEYS_ONLY }, !Ref AWS::NoValue]
`
    expect((await load(text)).tables).toEqual({ orders: plain('id:S', { sortKey: 'at:N', stream: 'KEYS_ONLY' }) })
    expect((await load(text, { parameters: { Stage: 'prod' } })).tables).toEqual({
      orders: plain('id:S', { billingMode: 'PROVISIONED', readCapacity: 9, writeCapacity: 8 }),
    })
  })

  test('conditions on resources: included, left out, and included when they cannot be decided', async () => {
    const resource = (id: string) =>
      `  ${id}: { Type: AWS::Serverless::SimpleTable, Condition: ${id}, Properties: { TableName: ${id}-table } }\n`
    const found = await load(`
Parameters: { Open: { Type: String } }
Conditions: { Yes: !Equals [a, a], No: !Equals [a, b], Maybe: !Equals [!Ref Open, x] }
Resources:
${['Yes', 'No', 'Maybe'].map(resource).join('')}`)
    expect(found).toEqual({
      tables: { 'Yes-table': plain('id:S'), 'Maybe-table': plain('id:S') },
      warnings: [
        'Maybe is included: its condition Maybe cannot be decided: the parameter Open has no value; give it with --param Open=<value>',
      ],
      items: {},
    })
  })

  test('loops, also nested, and over a parameter', async () => {
    const found = await load(`
Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList, Default: 'alpha,be-ta' } }
Resources:
  Fn::ForEach::Outer:
    - Name
    - !Ref Names
    - Fn::ForEach::Inner:
        - Stage
        - [dev, qa]
        - 'T&{Name}\${Stage}':
            Type: AWS::DynamoDB::Table
            Properties:
              TableName: !Sub '\${Name}-\${Stage}'
              BillingMode: PAY_PER_REQUEST
              KeySchema: [{ AttributeName: '\${Name}Id', KeyType: HASH }]
              AttributeDefinitions: [{ AttributeName: !Sub '\${Name}Id', AttributeType: S }]
`)
    expect(found.error).toBeUndefined()
    expect(Object.keys(found.tables)).toEqual(['alpha-dev', 'alpha-qa', 'be-ta-dev', 'be-ta-qa'])
    expect(found.tables['be-ta-qa']).toEqual(plain('be-taId:S'))
  })

  test('settings that are known only after the deployment are left out', async () => {
    const found = await load(
      table(
        `TableName: orders
SSESpecification: { SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: !GetAtt Key.Arn }
Tags: [{ Key: a, Value: b }, { Key: c, Value: !Ref Open }]
ResourcePolicy: { PolicyDocument: { Statement: [{ Principal: !GetAtt Role.Arn }] } }`,
        'Parameters: { Open: { Type: String } }',
      ),
    )
    expect(found.tables).toEqual({ orders: plain('id:S', { encryption: 'AWS_MANAGED', tags: { a: 'b' } }) })
    expect(found.warnings).toEqual([
      'Orders: SSESpecification.KMSMasterKeyId is left out: Arn of Key is known only after it is deployed',
      'Orders: Tags[1] is left out: the parameter Open has no value; give it with --param Open=<value>',
      'Orders: ResourcePolicy is left out: Arn of Role is known only after it is deployed',
      expect.stringContaining('encryption is assumed to be AWS_MANAGED'),
    ])
  })

  test('a capacity that is not known is 5', async () => {
    const found = await load(`
Parameters: { Units: { Type: Number } }
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      ProvisionedThroughput: { ReadCapacityUnits: !Ref Units, WriteCapacityUnits: 2 }
`)
    expect(found.tables).toEqual({
      orders: plain('id:S', { billingMode: 'PROVISIONED', readCapacity: 5, writeCapacity: 2 }),
    })
    expect(found.warnings[0]).toBe(
      'Orders: ProvisionedThroughput.ReadCapacityUnits is left out: the parameter Units has no value; give it with --param Units=<value>',
    )
  })
})

describe('one bad table never loses its neighbours', () => {
  const good = `  Good: { Type: AWS::Serverless::SimpleTable, Properties: { TableName: good } }\n`

  test.each<readonly [string, string, string]>([
    ['an unknown tag', 'TableName: !Foo x', 'template.yaml:6:30 Bad is skipped: the tag !Foo cannot be resolved'],
    [
      'keys from elsewhere',
      'Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/k } }',
      'template.yaml:6:19 Bad is skipped: AWS::Include of s3://b/k brings in a part of it from elsewhere',
    ],
    [
      'a key that needs a parameter',
      'KeySchema: [{ AttributeName: !Ref Open, KeyType: HASH }]',
      'template.yaml:6:48 Bad is skipped: its KeySchema cannot be resolved: the template has no parameter or resource Open',
    ],
    [
      'what AWS refuses',
      `TableName: bad, BillingMode: PAY_PER_REQUEST, KeySchema: [{ AttributeName: id, KeyType: HASH }], AttributeDefinitions: [{ AttributeName: id, AttributeType: BOOL }]`,
      'template.yaml:6:160 Bad is skipped: AttributeDefinitions[0].AttributeType: "id" has the type "BOOL"; a key must be S (string), N (number) or B (binary)',
    ],
    [
      'a name that AWS refuses',
      `TableName: 'a b', BillingMode: PAY_PER_REQUEST, KeySchema: [{ AttributeName: id, KeyType: HASH }], AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]`,
      'template.yaml:4:3 Bad is skipped: table: table name "a b" contains " "; only letters a to z, digits, "_", "." and "-" are allowed',
    ],
    [
      'an unknown condition',
      'TableName: !If [Nowhere, a, b]',
      'template.yaml:6:30 Bad is skipped: the template has no condition Nowhere',
    ],
  ])('%s', async (_, properties, warning) => {
    const bad = `  Bad:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      { ${properties} }\n`
    const text = `Resources:\n${good}  # a comment\n${bad}`.replace('Properties:\n      {', 'Properties: {')
    const found = await load(text)
    expect(found.tables).toEqual({ good: plain('id:S') })
    expect(found.warnings).toEqual([warning])
    const strict = await read({ 'template.yaml': text }, 'template.yaml', () => ({ strict: true }))
    expect(strict.tables).toEqual({ good: plain('id:S') })
    expect(strict.error).toContain('Bad')
  })

  test('a table of a loop stands where the loop does', async () => {
    const loop = (list: string) => `Resources:\n  Fn::ForEach::All:${list}`
    const body = '{ "T${X}": { Type: AWS::DynamoDB::Table } }'
    expect((await load(loop(` [X, [A], ${body}]\n`))).error).toContain('template.yaml:2:3 TA › KeySchema names no key')
    expect((await load(loop(` [[A], ${body}]\n`))).error).toContain(
      'template.yaml:2:3: Fn::ForEach::All: a loop needs an identifier, a list and a map',
    )
  })

  test.each([
    ['AWS::DynamoDB::Tabel', 'AWS::DynamoDB::Table'],
    ['AWS::DynamoDB::GlobaTable', 'AWS::DynamoDB::GlobalTable'],
    ['AWS::Serverless::SimpelTable', 'AWS::Serverless::SimpleTable'],
  ])('a misspelt type: %s', async (type, meant) => {
    const found = await load(`Resources:\n${good}  Bad:\n    Type: ${type}\n`)
    expect(found.warnings).toEqual([
      `template.yaml:4:5 Bad is skipped: "${type}" is not a resource type; did you mean "${meant}"?`,
    ])
  })

  test('resources of other services are not taken for tables', async () => {
    const others = ['AWS::Serverless::Function', 'AWS::Serverless::Api', 'AWS::Glue::Table', 'AWS::Cassandra::Table']
    const text = others.map((type, at) => `  Other${at}: { Type: ${type} }\n`).join('')
    expect((await load(`Resources:\n${good}${text}`)).warnings).toEqual([])
  })

  test('conditions that depend on each other', async () => {
    const text = `Conditions: { A: !Condition B, B: !Not [!Condition A] }\nResources:\n${good}  Bad: { Type: AWS::Serverless::SimpleTable, Condition: A }\n`
    expect((await load(text)).warnings).toEqual([
      expect.stringContaining('Bad is skipped: the condition A depends on itself'),
    ])
  })
})
