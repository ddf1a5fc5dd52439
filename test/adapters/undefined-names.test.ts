import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { folder } from '../load/support/folder.ts'
import { load } from './support/fixtures.ts'

const name = '`${' + 'process.env.STAGE_THAT_IS_NOT_SET}-users`'
const models: Readonly<Record<string, string>> = {
  dynamox: `
    import { defineTable } from 'dynamox'
    export const Users = defineTable({ table: ${name}, partitionKey: 'id' })`,
  'plain objects': `export const Users = { table: ${name}, partitionKey: 'id' }`,
  'CreateTable inputs': `
    export const Users = {
      TableName: ${name},
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }`,
  Dynamoose: `
    import dynamoose from 'dynamoose'
    export const Users = dynamoose.model(${name}, new dynamoose.Schema({ id: { type: String, hashKey: true } }))`,
  'nestjs-dynamoose': `
    import { Schema } from 'dynamoose'
    export const Users = { name: ${name}, schema: new Schema({ id: { type: String, hashKey: true } }) }`,
  ElectroDB: `
    import { Entity } from 'electrodb'
    export const Users = new Entity({
      model: { entity: 'user', version: '1', service: 's' },
      attributes: { id: { type: 'string' } },
      indexes: { byId: { pk: { field: 'pk', composite: ['id'] } } },
    }, { table: ${name} })`,
  'DynamoDB-Toolbox': `
    import { Table } from 'dynamodb-toolbox'
    export const Users = new Table({ name: ${name}, partitionKey: { name: 'id', type: 'string' } })`,
  OneTable: `
    import { Table } from 'dynamodb-onetable'
    const schema = { format: 'onetable:1.1.0', version: '0.0.1', indexes: { primary: { hash: 'pk' } }, models: {} }
    export const Users = new Table({ name: ${name}, schema, partial: false })`,
  TypeDORM: `
    import { Table } from '@typedorm/common'
    export const Users = new Table({ name: ${name}, partitionKey: 'pk' })`,
}

test.each(Object.entries(models))(
  '%s: a name with an undefined variable is a warning, and an error when strict',
  async (_, code) => {
    const cwd = folder({ 'users.ts': code, 'package.json': '{ "type": "module" }' })
    symlinkSync(resolve('node_modules'), join(cwd, 'node_modules'))
    const { tables } = await load(['users.ts'], { cwd })
    expect(tables.map(({ definition }) => definition.name)).toEqual(['undefined-users'])
    expect(tables.flatMap(({ warnings }) => warnings)).toContainEqual(
      expect.stringMatching(/table name "undefined-users" contains "undefined".*\[W-undefined-name\]$/),
    )
    await expect(load(['users.ts'], { cwd, strict: true })).rejects.toMatchObject({ code: 'definition' })
  },
)
