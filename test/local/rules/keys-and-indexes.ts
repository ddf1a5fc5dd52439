import {
  added,
  bare,
  create,
  defined,
  hash,
  included,
  index,
  indexes,
  invalid,
  limit,
  many,
  N,
  name,
  plain,
  type RuleCase,
  range,
  S,
  shape,
  sorted,
} from './case.ts'

const least = (count: number) => `have length greater than or equal to ${count}`
const most = (count: number) => `have length less than or equal to ${count}`
const pattern = 'satisfy regular expression pattern: [a-zA-Z0-9_.-]+'
const named = (TableName: string) => create({ TableName }, bare)
const indexNamed = (IndexName: string) => create(indexes(index(IndexName, 'a')))
const keyed = (...KeySchema: readonly object[]) => ({ KeySchema })

export const keyRules: readonly RuleCase[] = [
  {
    rule: 'N1',
    breaks: create({ TableName: undefined }),
    says: plain("The parameter 'TableName' is required but was not present in the request"),
    takes: create(),
  },
  { rule: 'N2', breaks: named('ab'), says: shape(['ab', 'tableName', least(3)]), takes: named('abc') },
  {
    rule: 'N2',
    breaks: named('x'.repeat(256)),
    says: shape(['x'.repeat(256), 'tableName', most(255)]),
    takes: named('x'.repeat(255)),
  },
  { rule: 'N3', breaks: named('a b!'), says: shape(['a b!', 'tableName', pattern]), takes: named('A.b-c_1') },
  {
    rule: 'N3',
    breaks: named(''),
    says: shape(['', 'tableName', pattern], ['', 'tableName', least(3)]),
    takes: named('...'),
  },
  {
    rule: 'N4',
    breaks: indexNamed('ab'),
    says: shape(['ab', 'globalSecondaryIndexes.1.member.indexName', least(3)]),
    takes: indexNamed('abc'),
  },
  {
    rule: 'N4',
    breaks: indexNamed('by a'),
    says: shape(['by a', 'globalSecondaryIndexes.1.member.indexName', pattern]),
    takes: indexNamed('by.A_-'),
  },
  { rule: 'K1', breaks: create(keyed()), says: shape(['[]', 'keySchema', least(1)]), takes: create() },
  {
    rule: 'K1',
    breaks: create({ KeySchema: undefined }),
    says: shape(['null', 'keySchema', 'not be null']),
    takes: create(keyed(hash('pk'))),
  },
  {
    rule: 'K2',
    breaks: create({ ...defined(S('pk'), S('sk'), S('a')), ...keyed(hash('pk'), range('sk'), range('a')) }, bare),
    says: shape([
      '[KeySchemaElement(attributeName=pk, keyType=HASH), KeySchemaElement(attributeName=sk, keyType=RANGE), KeySchemaElement(attributeName=a, keyType=RANGE)]',
      'keySchema',
      most(2),
    ]),
    takes: create({ ...defined(S('pk'), S('sk')), ...keyed(hash('pk'), range('sk')) }, bare),
  },
  {
    rule: 'K3',
    breaks: create(keyed(range('pk')), bare),
    says: plain('Invalid KeySchema: The first KeySchemaElement is not a HASH key type'),
    takes: create(keyed(hash('pk')), bare),
  },
  {
    rule: 'K3',
    breaks: create(indexes(index('by-a', [range('a')]))),
    says: plain('Invalid KeySchema: The first KeySchemaElement is not a HASH key type'),
    takes: create(indexes(index('by-a', [hash('a')]))),
  },
  {
    rule: 'K4',
    breaks: create({ ...defined(S('pk'), S('sk')), ...keyed(hash('pk'), hash('sk')) }, bare),
    says: plain('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type'),
    takes: create({ ...defined(S('pk'), S('sk')), ...keyed(hash('pk'), range('sk')) }, bare),
  },
  {
    rule: 'K5',
    breaks: create({ ...defined(S('pk'), S('sk')), ...keyed(hash('pk'), range('pk')) }, bare),
    says: plain('Both the Hash Key and the Range Key element in the KeySchema have the same name'),
    takes: create({ ...defined(S('pk'), S('PK')), ...keyed(hash('pk'), range('PK')) }, bare),
  },
  {
    rule: 'K6',
    breaks: create({ ...defined(), ...keyed(hash('pk')) }, bare),
    says: plain('Invalid KeySchema: Some index key attribute have no definition'),
    takes: create({}, bare),
  },
  {
    rule: 'K6',
    breaks: create(keyed(hash('pk'), range('pk')), bare),
    says: plain('Invalid KeySchema: Some index key attribute have no definition'),
    takes: create({}, bare),
  },
  {
    rule: 'K7',
    breaks: create(keyed(hash('x'))),
    says: invalid(
      'Some index key attributes are not defined in AttributeDefinitions. Keys: [x], AttributeDefinitions: [pk, a]',
    ),
    takes: create({ ...defined(S('x'), S('a')), ...keyed(hash('x')) }),
  },
  {
    rule: 'K8',
    breaks: create(defined(S('pk'), S('z')), bare),
    says: invalid(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    ),
    takes: create(defined(S('pk')), bare),
  },
  {
    rule: 'K9',
    breaks: create(defined(S('pk'), S('a'), S('z'))),
    says: invalid('Some AttributeDefinitions are not used. AttributeDefinitions: [pk, a, z], keys used: [pk, a]'),
    takes: create(defined(S('a'), S('pk'))),
  },
  {
    rule: 'K10',
    breaks: create(defined(S('pk'), N('pk')), bare),
    says: plain('Attribute Name is duplicated: pk'),
    takes: create(defined(N('pk')), bare),
  },
  {
    rule: 'K11',
    breaks: create(defined({ AttributeName: 'pk', AttributeType: 'X' }), bare),
    says: shape(['X', 'attributeDefinitions.1.member.attributeType', 'satisfy enum value set: [B, N, S]']),
    takes: create(defined({ AttributeName: 'pk', AttributeType: 'B' }), bare),
  },
  {
    rule: 'K11',
    breaks: create(keyed({ AttributeName: 'pk', KeyType: 'SORT' }), bare),
    says: shape(['SORT', 'keySchema.1.member.keyType', 'satisfy enum value set: [HASH, RANGE]']),
    takes: create({}, bare),
  },
  {
    // Counted in bytes; AWS's words are not known.
    rule: 'K12',
    breaks: create({ ...defined(S('é'.repeat(128))), ...keyed(hash('é'.repeat(128))) }, bare),
    says: /^ValidationException: /,
    takes: create({ ...defined(S(`${'é'.repeat(127)} `)), ...keyed(hash(`${'é'.repeat(127)} `)) }, bare),
  },
]

const local = (IndexName: string, key: readonly object[], more: object = {}) => ({
  LocalSecondaryIndexes: [index(IndexName, key, more)],
})
const twentyOf = (count: number) => ({
  ...defined(S('pk'), S('a')),
  ...indexes(...many(count, at => index(`by-a-${at}`, 'a'))),
})
const names = (count: number) => many(count, at => `x${at}`)
const letters = ['a', 'b', 'c', 'd', 'e']
const several = (...key: readonly object[]) => {
  const used = [...new Set(key.map(element => JSON.stringify(S(Reflect.get(element, 'AttributeName')))))]
  return create({ ...defined(S('pk'), ...used.map(each => JSON.parse(each))), ...indexes(index('by-many', key)) })
}
const refused = (IndexName: string) =>
  plain(`the embedded engine does not support keys of several attributes (index ${IndexName})`)
const noSeveral = 'It stores items in dynalite, which has no keys of several attributes: AWS takes such an index.'
const local5 = (count: number) => ({
  LocalSecondaryIndexes: many(count, at => index(`by-a-${at}`, [hash('pk'), range('a')])),
})

export const indexRules: readonly RuleCase[] = [
  {
    rule: 'G1',
    breaks: create(indexes()),
    says: invalid('List of GlobalSecondaryIndexes is empty'),
    takes: create({ Tags: [] }),
  },
  {
    rule: 'G1',
    breaks: create({ LocalSecondaryIndexes: [] }),
    says: invalid('List of LocalSecondaryIndexes is empty'),
    takes: create({ LocalSecondaryIndexes: null }),
  },
  {
    rule: 'G2',
    breaks: create(twentyOf(21)),
    says: invalid('GlobalSecondaryIndex count exceeds the per-table limit of 20'),
    takes: create(twentyOf(20)),
  },
  {
    rule: 'G2',
    given: [create(twentyOf(20))],
    breaks: added(index('one-more', 'a'), S('a')),
    says: limit('Number of global secondary indexes exceeds per-table limit of 20'),
    takes: ['DescribeTable', { TableName: name }],
  },
  {
    rule: 'G3',
    breaks: create(indexes(index('by-a', 'a'), index('by-a', 'pk'))),
    says: invalid('Duplicate index name: by-a'),
    takes: create(indexes(index('by-a', 'a'), index('by-A', 'a'))),
  },
  {
    rule: 'G3',
    breaks: create({ ...local('by-a', [hash('pk'), range('a')]), ...indexes(index('by-a', 'a')) }, sorted),
    says: invalid('Duplicate index name: by-a'),
    takes: create({ ...local('by-a', [hash('pk'), range('a')]), ...indexes(index('by-b', 'a')) }, sorted),
  },
  {
    rule: 'G3',
    given: [create()],
    breaks: added(index('by-a', 'b'), S('b')),
    says: plain('Attempting to create an index which already exists'),
    takes: added(index('by-b', 'b'), S('b')),
  },
  {
    rule: 'G4',
    breaks: several(...letters.map(hash)),
    says: invalid('The KeySchema exceeds the maximum allowed number of HASH key attributes'),
    takes: several(hash('a'), range('b')),
  },
  {
    rule: 'G4',
    breaks: several(hash('x'), ...letters.map(range)),
    says: invalid('The KeySchema exceeds the maximum allowed number of RANGE key attributes'),
    takes: several(hash('a'), range('b')),
  },
  {
    rule: 'G5',
    breaks: several(hash('a'), range('b'), hash('c')),
    says: invalid('All HASH key attributes must precede RANGE key attributes in the KeySchema'),
    takes: several(hash('a'), range('c')),
  },
  {
    rule: 'G6',
    breaks: several(hash('a'), hash('b'), range('a')),
    says: plain('The KeySchema contains multiple key attributes with the same name'),
    takes: several(hash('a'), range('b')),
  },
  {
    rule: 'G7',
    breaks: create(indexes(index('by-x', 'x'))),
    says: invalid(
      'Some index key attributes are not defined in AttributeDefinitions. Keys: [x], AttributeDefinitions: [pk, a]',
    ),
    takes: create(indexes(index('by-a', 'a'))),
  },
  {
    rule: 'G7',
    breaks: several(hash('a'), hash('b')),
    says: refused('by-many'),
    takes: several(hash('a'), range('b')),
    differs: noSeveral,
  },
  {
    rule: 'L1',
    breaks: create({ ...defined(S('pk'), S('a')), ...local('by-a', [hash('pk'), range('a')]) }, bare),
    says: invalid('Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex'),
    takes: create(local('by-a', [hash('pk'), range('a')]), sorted),
  },
  {
    rule: 'L2',
    breaks: create(local('by-a', [hash('a'), range('pk')]), sorted),
    says: invalid(
      'Index KeySchema does not have the same leading hash key as table KeySchema for index: by-a. index hash key: a, table hash key: pk',
    ),
    takes: create(local('by-a', [hash('pk'), range('a')]), sorted),
  },
  {
    rule: 'L3',
    breaks: create({ ...local('by-pk', [hash('pk')]), ...indexes(index('by-a', 'a')) }, sorted),
    says: invalid('Index KeySchema does not have a range key for index: by-pk'),
    takes: create({ ...local('by-pk', [hash('pk'), range('sk')]), ...indexes(index('by-a', 'a')) }, sorted),
  },
  {
    rule: 'L4',
    breaks: create(local5(6), sorted),
    says: invalid('Number of LocalSecondaryIndexes exceeds per-table limit of 5'),
    takes: create(local5(5), sorted),
  },
  {
    rule: 'P1',
    breaks: create(indexes(index('by-a', 'a', { Projection: undefined }))),
    says: shape(['null', 'globalSecondaryIndexes.1.member.projection', 'not be null']),
    takes: create(indexes(index('by-a', 'a', { Projection: { ProjectionType: 'KEYS_ONLY' } }))),
  },
  {
    rule: 'P1',
    breaks: create(indexes(index('by-a', 'a', { Projection: {} }))),
    says: invalid('Unknown ProjectionType: null'),
    takes: create(indexes(index('by-a', 'a', { Projection: { ProjectionType: 'ALL' } }))),
  },
  ...(['ALL', 'KEYS_ONLY'] as const).map(ProjectionType => ({
    rule: 'P2',
    breaks: create(indexes(index('by-a', 'a', { Projection: { ProjectionType, NonKeyAttributes: ['x'] } }))),
    says: invalid(`ProjectionType is ${ProjectionType}, but NonKeyAttributes is specified`),
    takes: create(indexes(index('by-a', 'a', { Projection: { ProjectionType } }))),
  })),
  {
    rule: 'P3',
    breaks: create(indexes(index('by-a', 'a', included(undefined)))),
    says: invalid('ProjectionType is INCLUDE, but NonKeyAttributes is not specified'),
    takes: create(indexes(index('by-a', 'a', included(['x'])))),
  },
  {
    rule: 'P3',
    breaks: create(indexes(index('by-a', 'a', included([])))),
    says: shape(['[]', 'globalSecondaryIndexes.1.member.projection.nonKeyAttributes', least(1)]),
    takes: create(indexes(index('by-a', 'a', included(['pk', 'a'])))),
  },
  {
    rule: 'P4',
    breaks: create(indexes(index('by-a', 'a', included(names(21))))),
    says: shape([`[${names(21).join(', ')}]`, 'globalSecondaryIndexes.1.member.projection.nonKeyAttributes', most(20)]),
    takes: create(indexes(index('by-a', 'a', included(names(20))))),
  },
  {
    rule: 'P5',
    breaks: create(indexes(index('by-a', 'a', included(['x', 'x'])))),
    says: invalid('Duplicate element in NonKeyAttributes: x'),
    takes: create(indexes(index('by-a', 'a', included(['x', 'X'])))),
  },
  {
    // AWS's words are not known.
    rule: 'P6',
    breaks: create(indexes(...many(6, at => index(`by-a-${at}`, 'a', included(names(at < 5 ? 20 : 1)))))),
    says: /^ValidationException: /,
    takes: create(indexes(...many(6, at => index(`by-a-${at}`, 'a', at < 5 ? included(names(20)) : {})))),
  },
]
