/** A package that model files are written with. */
export interface ModelPackage {
  /** As people write it: `ElectroDB`. */
  readonly title: string
  /** What of it a file has to export. */
  readonly exports: string
  /** The versions that are understood, for people, and how each of them begins. */
  readonly versions: string
  readonly known: RegExp
}

/** The packages that adapters understand, by their names in imports. */
export const modelPackages: ReadonlyMap<string, ModelPackage> = new Map(
  (
    [
      ['dynamoose', 'Dynamoose', 'a model, a table or a schema', '1 to 4', /^[1-4]\./],
      ['nestjs-dynamoose', 'Dynamoose', 'its schema', '0', /^0\./],
      ['electrodb', 'ElectroDB', 'an Entity, a Service or a schema', '1 to 3', /^[1-3]\./],
      ['dynamodb-toolbox', 'DynamoDB-Toolbox', 'a Table or an Entity', '0.9 to 2', /^(0\.9|[12])\./],
      ['dynamodb-onetable', 'OneTable', 'a Table, a model or a schema', '1 and 2', /^[12]\./],
      ['@typedorm/common', 'TypeDORM', 'a Table, a connection or an entity with a table', '1', /^1\./],
      ['@typedorm/core', 'TypeDORM', 'the connection', '1', /^1\./],
      ['@aws/dynamodb-data-mapper', "AWS's data mapper", 'a class with a table', '0', /^0\./],
      ['@aws/dynamodb-data-mapper-annotations', "AWS's data mapper", 'a class with @table', '0', /^0\./],
      ['@awslabs-community-fork/dynamodb-data-mapper', 'the data mapper', 'a class with a table', '0', /^0\./],
      [
        '@awslabs-community-fork/dynamodb-data-mapper-annotations',
        'the data mapper',
        'a class with @table',
        '0',
        /^0\./,
      ],
      ['dynamode', 'Dynamode', 'a TableManager', '1', /^1\./],
      ['dyngoose', 'Dyngoose', 'a table class', '4', /^4\./],
      ['dynamo-types', 'dynamo-types', 'a table class', '2', /^2\./],
      ['@serverless-seoul/dynamorm', 'Dynamorm', 'a table class', '2', /^2\./],
      ['@shiftcoders/dynamo-easy', 'dynamo-easy', 'a class with @Model', '7', /^7\./],
      ['@nerdware/ddb-single-table', 'ddb-single-table', 'a Table', '2', /^2\./],
      ['dynamo-document-builder', 'dynamo-document-builder', 'a DynamoTable or an entity', '0', /^0\./],
      ['@symphoniacloud/dynamodb-entity-store', 'dynamodb-entity-store', 'a store or its configuration', '2', /^2\./],
      ['@hexlabs/dynamo-ts', 'dynamo-ts', 'a definition or a TableClient', '4', /^4\./],
      ['vogels', 'vogels', 'a model', '2', /^2\./],
      ['dynamodb', 'dynamodb', 'a model', '1', /^1\./],
    ] as const
  ).map(([name, title, exports, versions, known]) => [name, { title, exports, versions, known }]),
)

/** Packages for DynamoDB whose models hold nothing that a table could be made of, or cannot be loaded. */
export const unreadablePackages: readonly string[] = ['dyna-record', 'dynameh', 'remult', 'tsynamo', 'type-dynamo']
