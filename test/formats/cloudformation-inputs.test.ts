import { describe, expect, test } from 'vitest'
import { plain, read } from './support/read.ts'

const keys =
  'AttributeDefinitions: [{ AttributeName: id, AttributeType: S }], KeySchema: [{ AttributeName: id, KeyType: HASH }]'
const resource = (name: string) =>
  `{ Type: AWS::DynamoDB::Table, Properties: { TableName: ${name}, BillingMode: PAY_PER_REQUEST, ${keys} } }`
const load = (text: string, parameters?: Readonly<Record<string, string>>, files = {}) =>
  read({ 'stack.yaml': text, ...files }, 'stack.yaml', () => ({ inputs: { parameters } }))

describe('parameters that the user gives are checked as CloudFormation checks them', () => {
  const template = (parameter: string) =>
    `Parameters:\n  P: ${parameter}\nResources:\n  T: ${resource('!Sub "table-${' + 'P}"')}\n`
  test.each([
    ['{ Type: String, AllowedValues: [dev, test, prod] }', 'qa', 'must be dev, test or prod, not "qa"'],
    ['{ Type: String, AllowedValues: [1, true, ""] }', 'x', 'must be 1, true or empty, not "x"'],
    ['{ Type: String, AllowedPattern: "[a-z]+" }', 'ab1', 'must match [a-z]+, not "ab1"'],
    ['{ Type: Number }', 'five', 'must be a number, not "five"'],
    ['{ Type: Number, MinValue: 2 }', '1', 'must be at least 2, not "1"'],
    ['{ Type: Number, MaxValue: "2" }', '3', 'must be at most 2, not "3"'],
    ['{ Type: String, MinLength: 2 }', 'a', 'must have at least 2 characters, not "a"'],
    ['{ Type: String, MaxLength: 2 }', 'abc', 'must have at most 2 characters, not "abc"'],
    ['{ Type: CommaDelimitedList, AllowedValues: [a, b] }', 'a, c', 'must be a or b, not "a, c"'],
    ['{ Type: List<Number> }', '1,x', 'must be a number, not "1,x"'],
  ])('%s does not take %s', async (parameter, value, message) => {
    const { error, tables } = await load(template(parameter), { P: value })
    expect(tables).toEqual({})
    expect(error).toBe(`stack.yaml:2:3: the parameter P ${message}`)
  })

  test.each([
    ['{ Type: String, AllowedValues: [dev, 1], AllowedPattern: "[a-z0-9]{1,5}", MaxLength: 3 }', '1'],
    ['{ Type: Number, MinValue: 0, MaxValue: 10 }', '5'],
    ['{ Type: "AWS::SSM::Parameter::Value<String>", AllowedPattern: "/.*" }', 'users'],
    ['{ Type: String, AllowedPattern: "\\\\p{Alpha" }', 'a'],
  ])('%s takes %s', async (parameter, value) => {
    expect(Object.keys((await load(template(parameter), { P: value })).tables)).toEqual([`table-${value}`])
  })
})

describe('several YAML documents in one file', () => {
  test('several documents are one template; an empty one at the end is ignored', async () => {
    const files = {
      'template.yaml': `Resources:\n  A: ${resource('table-a')}\n---\nResources:\n  B: ${resource('table-b')}\n---\n`,
    }
    const { tables, warnings, error } = await read(files, 'template.yaml')
    expect(error).toBeUndefined()
    expect(warnings).toEqual([])
    expect(tables).toEqual({ 'table-a': plain('id:S'), 'table-b': plain('id:S') })
  })

  test('are refused where two describe one resource', async () => {
    const text = `Resources:\n  A: ${resource('table-a')}\n---\nResources:\n  A: ${resource('table-b')}\n`
    const { error } = await read({ 'template.yaml': text }, 'template.yaml')
    expect(error).toMatch(/template\.yaml:\d:1: a second document \(---\) starts here; a file may hold only one$/)
  })

  test('are a list of CreateTable inputs, with places', async () => {
    const input = (name: string, attribute: string) =>
      `TableName: ${name}\nBillingMode: PAY_PER_REQUEST\nKeySchema: [{ AttributeName: id, KeyType: HASH }]
AttributeDefinitions: [{ AttributeName: ${attribute}, AttributeType: S }]\n`
    const files = { 'tables.yaml': `${input('good', 'id')}---\n${input('lost', 'other')}` }
    const { tables, warnings } = await read(files, 'tables.yaml')
    expect(tables).toEqual({ good: plain('id:S') })
    expect(warnings).toEqual([
      expect.stringMatching(/^tables\.yaml:8:13 \[1\] is skipped: KeySchema\[0\]: "id" is not in/),
    ])
  })
})

describe('AWS::Include', () => {
  const include = (path: string) => `{ Name: AWS::Include, Parameters: { Location: ${path} } }`
  test('a file beside the template is included in resources and in properties, with places', async () => {
    const text = `Parameters: { Stage: { Type: String, Default: dev } }
Resources:
  Fn::Transform: ${include('./more.yaml')}
  Users:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: users
      Fn::Transform: ${include('parts/keys.yaml')}
  Lost:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: lost, 'Fn::Transform': ${include('parts/wrong.yaml')} }
`
    const { tables, warnings } = await load(text, undefined, {
      'more.yaml': `Notes: ${resource('!Sub "notes-$' + '{Stage}"')}`,
      'parts/keys.yaml': `BillingMode: PAY_PER_REQUEST\nTableName: overridden\n${keys.replace(', KeySchema', '\nKeySchema')}\n`,
      'parts/wrong.yaml': `BillingMode: PAY_PER_REQUEST\n${keys.replace(', KeySchema', '\nKeySchema').replace('id, KeyType', 'no, KeyType')}\n`,
    })
    expect(tables).toEqual({ 'notes-dev': plain('id:S'), users: plain('id:S') })
    expect(warnings).toEqual([
      expect.stringMatching(
        /^parts\/wrong\.yaml:3:13 Lost is skipped: KeySchema\[0\]: "no" is not in AttributeDefinitions/,
      ),
    ])
  })

  test('what cannot be parsed is named, and loses only its own tables', async () => {
    const text = `Resources:
  Own: ${resource('own-table')}
  Api: { Type: AWS::Serverless::Api, Properties: { DefinitionBody: { 'Fn::Transform': ${include('api.yaml')} } } }
`
    const { tables, warnings } = await load(text, undefined, { 'api.yaml': 'paths: [1\n' })
    expect(tables).toEqual({ 'own-table': plain('id:S') })
    expect(warnings).toEqual([
      expect.stringMatching(/the file api\.yaml that it includes is not read: api\.yaml:\d+:\d+: /),
    ])
  })

  test('what is not here, and what includes itself, loses only its own tables', async () => {
    const text = `Resources:
  Own: ${resource('own-table')}
  Far: { Type: AWS::DynamoDB::Table, Properties: { 'Fn::Transform': ${include('s3://bucket/x.yaml')} } }
  Gone: { Type: AWS::DynamoDB::Table, Properties: { 'Fn::Transform': ${include('gone.yaml')} } }
  Loop: { Type: AWS::DynamoDB::Table, Properties: { 'Fn::Transform': ${include('loop.yaml')} } }
`
    const { tables, warnings } = await load(text, undefined, { 'loop.yaml': `Fn::Transform: ${include('loop.yaml')}` })
    expect(tables).toEqual({ 'own-table': plain('id:S') })
    const why = (id: string, path: string) =>
      expect.stringContaining(`${id} is skipped: AWS::Include of ${path} brings in a part of it from elsewhere`)
    expect(warnings).toEqual([why('Far', 's3://bucket/x.yaml'), why('Gone', 'gone.yaml'), why('Loop', 'loop.yaml')])
  })
})

describe('global tables', () => {
  const home = { inputs: { parameters: { 'AWS::Region': 'us-east-1' } } }
  const globalTable = (more: string) =>
    `Resources:\n  G:\n    Type: AWS::DynamoDB::GlobalTable\n    Properties: { TableName: everywhere, BillingMode: PAY_PER_REQUEST, ${keys}, ${more} }\n`
  test('strong consistency with a witness', async () => {
    const more =
      'StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }, MultiRegionConsistency: STRONG, GlobalTableWitnesses: [{ Region: us-west-2 }], Replicas: [{ Region: !Ref AWS::Region }, { Region: us-east-2, DeletionProtectionEnabled: true }]'
    const { tables, error } = await read({ 'stack.yaml': globalTable(more) }, 'stack.yaml', () => home)
    expect(error).toBeUndefined()
    expect(tables.everywhere).toMatchObject({
      consistency: 'STRONG',
      witness: 'us-west-2',
      replicas: [{ region: 'us-east-2', deletionProtection: true }],
    })
  })

  test('strong consistency in three regions, without a witness', async () => {
    const more =
      'StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }, MultiRegionConsistency: STRONG, Replicas: [{ Region: us-east-1 }, { Region: us-east-2 }, { Region: us-west-2 }]'
    const { tables } = await read({ 'stack.yaml': globalTable(more) }, 'stack.yaml', () => home)
    expect(tables.everywhere).toMatchObject({
      consistency: 'STRONG',
      replicas: [{ region: 'us-east-2' }, { region: 'us-west-2' }],
    })
    expect(tables.everywhere).not.toHaveProperty('witness')
  })

  test('the resources by which the first construct of the CDK copies a table', async () => {
    const replica = (region: string, condition = '') =>
      `{ Type: 'Custom::DynamoDBReplica', ${condition} Properties: { ServiceToken: !GetAtt P.Arn, TableName: !Ref Users, Region: ${region} } }`
    const text = `Conditions: { NotWest: !Not [!Equals [us-west-2, !Ref AWS::Region]], NotEast: !Not [!Equals [us-east-1, !Ref AWS::Region]] }
Resources:
  Users: ${resource('users')}
  West: ${replica('us-west-2', 'Condition: NotWest,')}
  East: ${replica('us-east-1', 'Condition: NotEast,')}
  Ireland: ${replica('eu-west-1')}
  Notes: ${resource('notes')}
`
    const { tables } = await read({ 'stack.yaml': text }, 'stack.yaml', () => home)
    expect(tables.users).toMatchObject({ replicas: [{ region: 'us-west-2' }, { region: 'eu-west-1' }] })
    expect(tables.notes).toEqual(plain('id:S'))
  })
})

test('a nested stack that cannot be parsed loses only its own tables, and its parameters are those of its parent', async () => {
  const text = `Resources:
  Own: ${resource('own-table')}
  Broken: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: broken.yaml } }
  Nested: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: nested.yaml, Parameters: { Name: given } } }
Parameters: { Name: { Type: String, Default: x } }
`
  const { tables, warnings } = await load(
    text,
    { Name: 'of-the-root' },
    {
      'broken.yaml': 'Resources: { a: [',
      'nested.yaml': `Parameters: { Name: { Type: String, AllowedValues: [given] } }\nResources: { T: ${resource('!Sub "nested-$' + '{Name}"')} }`,
    },
  )
  expect(Object.keys(tables)).toEqual(['own-table', 'nested-given'])
  expect(warnings).toEqual([
    expect.stringMatching(/^stack\.yaml: the tables of Broken are not read: broken\.yaml:1:\d+: /),
  ])
})
