import { expect, test } from 'vitest'
import { mergeEnvironment } from '../../src/local/environment.ts'

const variables = { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000' }
const rows: readonly (readonly [what: string, before: string, after: string])[] = [
  ['an empty file', '', 'AWS_REGION=us-east-1\nAWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000\n'],
  [
    'other lines stay as they are, also the last one without its end',
    '# mine\n\nA="x y" # z\nAWS_REGION_2=b\n#AWS_REGION=c',
    '# mine\n\nA="x y" # z\nAWS_REGION_2=b\n#AWS_REGION=c\nAWS_REGION=us-east-1\nAWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000\n',
  ],
  [
    'lines that set one are replaced where they are, every time',
    'AWS_REGION = eu-west-1\nA=1\n  export AWS_REGION="x"\nAWS_ENDPOINT_URL_DYNAMODB=\n',
    'AWS_REGION=us-east-1\nA=1\n  export AWS_REGION=us-east-1\nAWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000\n',
  ],
  [
    "the file's own ends of lines",
    'A=1\r\nAWS_REGION=x\r\n',
    'A=1\r\nAWS_REGION=us-east-1\r\nAWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000\r\n',
  ],
]
test.each(rows)('%s', (_, before, after) => {
  const merged = mergeEnvironment(before, variables)
  expect(merged).toBe(after)
  expect(mergeEnvironment(merged, variables)).toBe(after)
})
