import { describe, expect, test } from 'vitest'
import { parseIndex } from '../../src/cli/options/definition-flags.ts'

describe('--gsi', () => {
  test.each([
    ['name=by-email,partitionKey=email:S', ['by-email', { partitionKey: 'email:S' }]],
    [
      'name=by-status,partitionKey=status,sortKey=at:N,projection=KEYS_ONLY',
      ['by-status', { partitionKey: 'status', sortKey: 'at:N', projection: 'KEYS_ONLY' }],
    ],
    ['name=a-b,partitionKey=a,projection=ALL', ['a-b', { partitionKey: 'a', projection: 'ALL' }]],
    ['name=a-b,partitionKey=a,projection=all', ['a-b', { partitionKey: 'a', projection: 'ALL' }]],
    [
      'name=a-b,partitionKey=a,projection=INCLUDE,include=x,include=y',
      ['a-b', { partitionKey: 'a', projection: ['x', 'y'] }],
    ],
    ['name=a-b,partitionKey=a,include=x', ['a-b', { partitionKey: 'a', projection: ['x'] }]],
    [
      'name=a-b,partitionKey=tenant:S,partitionKey=status:S,sortKey=at:N,sortKey=id',
      ['a-b', { partitionKey: ['tenant:S', 'status:S'], sortKey: ['at:N', 'id'] }],
    ],
    [
      'name=a-b,partitionKey=a,readCapacity=5,writeCapacity=7',
      ['a-b', { partitionKey: 'a', readCapacity: 5, writeCapacity: 7 }],
    ],
    // Attribute names may hold what separates the parts.
    ['name=a-b,partitionKey=urn:x:S', ['a-b', { partitionKey: 'urn:x:S' }]],
    ['name=a-b,partitionKey=a=b:S,sortKey=c,d', ['a-b', { partitionKey: 'a=b:S', sortKey: 'c,d' }]],
    ['name=a-b,partitionKey=x,y=z:S', ['a-b', { partitionKey: 'x,y=z:S' }]],
    [
      '{"name":"a-b","partitionKey":"x,name=y:S","projection":["p"]}',
      ['a-b', { partitionKey: 'x,name=y:S', projection: ['p'] }],
    ],
    [
      '{"name":"a-b","partitionKey":{"name":"a:b","type":"S"},"readCapacity":5}',
      ['a-b', { partitionKey: { name: 'a:b', type: 'S' }, readCapacity: 5 }],
    ],
    [
      '{"name":"a-b","partitionKey":"a","projection":"INCLUDE","include":["x"]}',
      ['a-b', { partitionKey: 'a', projection: ['x'] }],
    ],
  ])('%s', (text, expected) => {
    expect(parseIndex('--gsi', text)).toEqual(expected)
  })

  test.each([
    ['by-email', 'holds "by-email", which is not key=value'],
    ['partitionKey=a', 'has no name'],
    ['name=,partitionKey=a', 'has an empty name'],
    ['name=a-b', 'has no partitionKey'],
    ['name=a-b,partitionkey=a', 'has an unknown part "partitionkey"; did you mean "partitionKey"?'],
    ['name=a-b,partition-key=a', 'has an unknown part "partition-key"; did you mean "partitionKey"?'],
    ['name=a-b,name=b,partitionKey=a', 'has name twice'],
    ['name=a-b,partitionKey=a,projection=KEYS_ONLYY', 'has the projection "KEYS_ONLYY"; did you mean "KEYS_ONLY"?'],
    ['name=a-b,partitionKey=a,projection=SOME', 'has the projection "SOME"; it must be ALL, KEYS_ONLY or INCLUDE'],
    ['name=a-b,partitionKey=a,projection=INCLUDE', 'has projection=INCLUDE, which needs include=attribute'],
    ['name=a-b,partitionKey=a,projection=ALL,include=x', 'has include, which cannot be combined with projection=ALL'],
    ['name=a-b,partitionKey=a,readCapacity=many', 'has readCapacity=many, which is not a whole number above 0'],
    ['{"name":"a-b"', 'is not valid JSON'],
    ['{"name":"a-b","keys":"a"}', 'has an unknown part "keys"'],
  ])('%s is refused', (text, says) => {
    expect(() => parseIndex('--gsi', text)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringContaining(`--gsi ${JSON.stringify(text)} ${says}`),
        hint: "for example --gsi 'name=email-index,partitionKey=email:S,sortKey=at:N', or a JSON object with the same fields",
      }),
    )
  })
})

describe('--lsi', () => {
  test.each([
    ['name=by-age,sortKey=age:N', ['by-age', { sortKey: 'age:N' }]],
    ['name=by-age,sortKey=age:N,include=x', ['by-age', { sortKey: 'age:N', projection: ['x'] }]],
    ['{"name":"by-age","sortKey":"age:N"}', ['by-age', { sortKey: 'age:N' }]],
  ])('%s', (text, expected) => {
    expect(parseIndex('--lsi', text)).toEqual(expected)
  })

  test.each([
    ['name=by-age', 'has no sortKey'],
    ['name=by-age,sortKey=a,partitionKey=b', "has a partitionKey; a local index always has the table's own"],
    ['name=by-age,sortKey=a,readCapacity=5', 'has an unknown part "readCapacity"'],
  ])('%s is refused', (text, says) => {
    expect(() => parseIndex('--lsi', text)).toThrow(
      expect.objectContaining({ code: 'usage', message: `--lsi ${JSON.stringify(text)} ${says}` }),
    )
  })
})

describe('--vector-index', () => {
  const near = 'name=near,attribute=v,dimensions=1024,distance=COSINE'
  const index = { attribute: 'v', dimensions: 1024, distance: 'COSINE' }
  test.each([
    [near, ['near', index]],
    [
      `${near},partitionKey=tenant,filters=lang,filters=year:N,include=title`,
      ['near', { ...index, partitionKey: 'tenant', filters: ['lang', 'year:N'], projection: ['title'] }],
    ],
    [
      '{"name":"near","attribute":"v","dimensions":1024,"distance":"COSINE","filters":["lang"]}',
      ['near', { ...index, filters: ['lang'] }],
    ],
  ])('%s', (text, expected) => {
    expect(parseIndex('--vector-index', text)).toEqual(expected)
  })

  test.each([
    ['name=near,attribute=v,dimensions=3', 'has no distance'],
    ['name=near,attribute=v,distance=COSINE', 'has no dimensions'],
    [`${near},sortKey=at`, 'has an unknown part "sortKey"'],
    [`${near},dimension=3`, 'has an unknown part "dimension"; did you mean "dimensions"?'],
    [
      'name=near,attribute=v,dimensions=many,distance=COSINE',
      'has dimensions=many, which is not a whole number above 0',
    ],
  ])('%s %s', (text, message) => {
    expect(() => parseIndex('--vector-index', text)).toThrow(message)
  })
})
