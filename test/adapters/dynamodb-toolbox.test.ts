import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { GetItemCommand, PutItemCommand, QueryCommand } from 'dynamodb-toolbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningEngine, startEngine } from './support/engine.ts'
import { b, load, loadShown, n, s } from './support/fixtures.ts'

const billing =
  'billing is assumed to be on-demand (PAY_PER_REQUEST): DynamoDB-Toolbox does not say; set billingMode in defaults or overrides of the config [W-assumed-billing]'
const projection = (table: string, kind: 'global' | 'local', index: string) =>
  `index ${index} is assumed to project ALL: DynamoDB-Toolbox does not say; set overrides.${table}.${kind}Indexes.${index}.projection in the config [W-assumed-projection]`

describe('definitions of tables and entities', () => {
  test('a table with a name from the environment, and its entities', async () => {
    const label = 'dynamodb-toolbox/library.ts LibraryTable'
    expect(await loadShown('dynamodb-toolbox/library.ts')).toEqual([
      {
        name: 'toolbox-library',
        partitionKey: [s('pk')],
        sortKey: [s('sk')],
        globalIndexes: [{ name: 'byAuthor', partitionKey: [s('author')], sortKey: [n('year')], projection: 'ALL' }],
        localIndexes: [{ name: 'byYear', partitionKey: [s('pk')], sortKey: [n('year')], projection: 'ALL' }],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['globalIndexes.byAuthor.projection', 'localIndexes.byYear.projection', 'billingMode'],
        sources: ['dynamodb-toolbox: dynamodb-toolbox/library.ts LibraryTable'],
        warnings: [
          projection('toolbox-library', 'global', 'byAuthor'),
          projection('toolbox-library', 'local', 'byYear'),
          billing,
          `${label} › localIndexes: a table with local indexes holds at most 10 GB per partition key value, and "byYear" cannot be added, changed or removed later [W-local-index]`,
        ],
      },
    ])
  })

  test('an entity leads to its table, whose meta holds further settings', async () => {
    expect(await loadShown('dynamodb-toolbox/upload.ts')).toEqual([
      {
        name: 'toolbox-uploads',
        partitionKey: [s('owner')],
        sortKey: [n('at')],
        globalIndexes: [
          {
            name: 'byDigest',
            partitionKey: [b('digest')],
            sortKey: [],
            projection: 'KEYS_ONLY',
            readCapacity: 1,
            writeCapacity: 1,
          },
        ],
        localIndexes: [],
        billingMode: 'PROVISIONED',
        readCapacity: 2,
        writeCapacity: 3,
        ttl: 'expires',
        guesses: [],
        sources: ['dynamodb-toolbox: dynamodb-toolbox/upload.ts Upload.table'],
        warnings: [],
      },
    ])
  })

  test('first steps: one entity in a table of its own', async () => {
    expect(await loadShown('dynamodb-toolbox/note.ts')).toEqual([
      {
        name: 'toolbox-notes',
        partitionKey: [s('noteId')],
        sortKey: [],
        globalIndexes: [],
        localIndexes: [],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['billingMode'],
        sources: ['dynamodb-toolbox: dynamodb-toolbox/note.ts Note.table'],
        warnings: [billing],
      },
    ])
  })

  test('single table: keys composed of other attributes', async () => {
    const label = 'dynamodb-toolbox/kennel.ts KennelTable'
    expect(await loadShown('dynamodb-toolbox/kennel.ts')).toEqual([
      {
        name: 'toolbox-kennel',
        partitionKey: [s('PK')],
        sortKey: [s('SK')],
        globalIndexes: [{ name: 'byBreed', partitionKey: [s('GSI1PK')], sortKey: [s('GSI1SK')], projection: 'ALL' }],
        localIndexes: [],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['globalIndexes.byBreed.projection', 'billingMode'],
        sources: [`dynamodb-toolbox: ${label}`],
        warnings: [projection('toolbox-kennel', 'global', 'byBreed'), billing],
      },
    ])
  })

  test('keys of several attributes', async () => {
    expect(await loadShown('dynamodb-toolbox/ticket.ts')).toEqual([
      {
        name: 'toolbox-tickets',
        partitionKey: [s('id')],
        sortKey: [],
        globalIndexes: [
          {
            name: 'byQueue',
            partitionKey: [s('tenant'), s('queue')],
            sortKey: [n('urgency'), n('openedAt')],
            projection: 'ALL',
          },
        ],
        localIndexes: [],
        billingMode: 'PAY_PER_REQUEST',
        guesses: ['globalIndexes.byQueue.projection', 'billingMode'],
        sources: ['dynamodb-toolbox: dynamodb-toolbox/ticket.ts TicketTable'],
        warnings: [projection('toolbox-tickets', 'global', 'byQueue'), billing],
      },
    ])
  })
})

describe('the table through DynamoDB-Toolbox itself', () => {
  let engine: RunningEngine
  beforeAll(async () => {
    engine = await startEngine()
    await engine.create((await load(['dynamodb-toolbox/{kennel,library,note,upload}.ts'])).tables)
  })
  afterAll(() => engine.stop())

  test('entities by key and through each index', async () => {
    const { Book, LibraryTable, Reader } = await import('../../fixtures/dynamodb-toolbox/library.ts')
    LibraryTable.documentClient = DynamoDBDocumentClient.from(engine.client)
    const book = { shelf: 's1', isbn: 'i1', author: 'a1', year: 1999, size: { pages: 300 } }
    await Book.build(PutItemCommand).item(book).send()
    await Reader.build(PutItemCommand).item({ card: 's1', kind: 'reader', name: 'Bo' }).send()
    const { Item } = await Book.build(GetItemCommand).key({ shelf: 's1', isbn: 'i1' }).send()
    expect(Item).toMatchObject(book)
    const through = async (query: Parameters<QueryCommand<typeof LibraryTable, [typeof Book]>['query']>[0]) =>
      (await LibraryTable.build(QueryCommand).entities(Book).query(query).send()).Items
    expect(await through({ index: 'byAuthor', partition: 'a1', range: { gte: 1999 } })).toMatchObject([book])
    expect(await through({ index: 'byYear', partition: 's1', range: { lt: 2000 } })).toMatchObject([book])
  })

  test('number and binary keys', async () => {
    const { Upload } = await import('../../fixtures/dynamodb-toolbox/upload.ts')
    Upload.table.documentClient = DynamoDBDocumentClient.from(engine.client)
    const upload = { owner: 'o1', at: 5, digest: Uint8Array.of(1, 2, 3) }
    await Upload.build(PutItemCommand).item(upload).send()
    expect((await Upload.build(GetItemCommand).key({ owner: 'o1', at: 5 }).send()).Item).toMatchObject(upload)
    const { Items } = await Upload.table
      .build(QueryCommand)
      .query({ index: 'byDigest', partition: upload.digest })
      .send()
    expect(Items).toMatchObject([{ owner: 'o1', at: 5 }])
  })

  test('first steps', async () => {
    const { Note } = await import('../../fixtures/dynamodb-toolbox/note.ts')
    Note.table.documentClient = DynamoDBDocumentClient.from(engine.client)
    await Note.build(PutItemCommand).item({ noteId: 'n1', text: 'milk' }).send()
    expect((await Note.build(GetItemCommand).key({ noteId: 'n1' }).send()).Item).toMatchObject({ text: 'milk' })
  })

  test('keys composed of other attributes', async () => {
    const { Dog, KennelTable } = await import('../../fixtures/dynamodb-toolbox/kennel.ts')
    KennelTable.documentClient = DynamoDBDocumentClient.from(engine.client)
    const dog = { owner: 'o1', name: 'Rex', breed: 'pug', age: 4 }
    await Dog.build(PutItemCommand).item(dog).send()
    expect((await Dog.build(GetItemCommand).key({ owner: 'o1', name: 'Rex' }).send()).Item).toMatchObject(dog)
    const query = { index: 'byBreed', partition: 'BREED#pug', range: { beginsWith: 'NAME#R' } } as const
    expect((await KennelTable.build(QueryCommand).entities(Dog).query(query).send()).Items).toMatchObject([dog])
  })
})
