/** One request to a local endpoint, without the SDK: dynalite requires a signature and does not check it. */
export async function call(endpoint: string, operation: string, input: object): Promise<Answer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=a',
    },
    body: JSON.stringify(input),
  })
  return (await response.json()) as Answer
}

/** The members of answers that tests use. */
export interface Answer {
  readonly __type?: string
  readonly TableNames?: readonly string[]
  readonly Table?: {
    readonly TableStatus: string
    readonly TableArn: string
    readonly GlobalSecondaryIndexes?: readonly { readonly IndexStatus?: string; readonly Backfilling?: boolean }[]
  }
  readonly TableDescription?: Answer['Table']
  readonly Items?: readonly Record<string, { readonly S: string }>[]
  readonly Count?: number
}

const S = 'S'

/** A table with a string key, and a global index by another string. */
export const tableInput = (name: string) => ({
  TableName: name,
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: S },
    { AttributeName: 'by', AttributeType: S },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-by',
      KeySchema: [{ AttributeName: 'by', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
})

export const item = (table: string, pk: string) => ({ TableName: table, Item: { pk: { S: pk }, by: { S: 'all' } } })

/** All keys in the index `by-by` of a table. */
export async function indexed(endpoint: string, table: string): Promise<string[]> {
  const { Items = [] } = await call(endpoint, 'Query', {
    TableName: table,
    IndexName: 'by-by',
    KeyConditionExpression: '#by = :all',
    ExpressionAttributeNames: { '#by': 'by' },
    ExpressionAttributeValues: { ':all': { S: 'all' } },
  })
  return Items.map(found => found.pk?.S ?? '').sort()
}
