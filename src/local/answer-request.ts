import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { crc32 } from 'node:zlib'
import { messageOf } from '../errors.ts'
import { type Answer, type AwsError, isError } from './control-plane/answer.ts'
import { isOperation, type Operation } from './control-plane/inputs.ts'

// dynalite answers these.
const ofItems = ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem']

/** The operation of a request: one of the control plane, or one that the engine does not know. */
export function operationOf({ method, headers }: IncomingMessage): Operation | AwsError | undefined {
  const [, name] = /^DynamoDB_20120810\.(\w+)$/.exec(String(headers['x-amz-target'])) ?? []
  if (method !== 'POST' || name === undefined || ofItems.includes(name)) return undefined
  return isOperation(name)
    ? name
    : { type: 'UnknownOperationException', message: `the embedded engine does not support ${name}` }
}

/** Reads a request and answers it in DynamoDB's JSON protocol. A signature must be present; it is not checked. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (input: unknown) => Promise<Answer>,
): Promise<void> {
  try {
    const body = await bodyOf(request)
    const isSigned = request.headers.authorization !== undefined || request.url?.includes('X-Amz-Algorithm') === true
    const input = isSigned ? parse(body) : undefined
    if (!isSigned) write(response, unsigned)
    else write(response, input === undefined ? notJson : await answer(input))
  } catch (error) {
    // Even if the client is gone: the answer is then discarded.
    write(response, {
      type: 'InternalServerError',
      message: `the embedded engine failed: ${messageOf(error)}`,
      status: 500,
    })
  }
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => resolve(Buffer.concat(chunks).toString()))
    request.on('error', reject)
  })
}

const unsigned: Answer = {
  type: 'MissingAuthenticationTokenException',
  message: 'Request is missing Authentication Token',
}
const notJson: Answer = { type: 'SerializationException', message: '' }

/** A member that is `null` counts as absent. */
function parse(body: string): unknown {
  try {
    if (!body.includes('null')) return JSON.parse(body)
    return JSON.parse(body, (_, value) => (value === null ? undefined : Array.isArray(value) ? value.flat(0) : value))
  } catch {
    return undefined
  }
}

const services: Readonly<Record<string, string>> = {
  ValidationException: 'com.amazon.coral.validate',
  SerializationException: 'com.amazon.coral.service',
  MissingAuthenticationTokenException: 'com.amazon.coral.service',
  UnknownOperationException: 'com.amazon.coral.service',
  ThrottlingException: 'com.amazon.coral.availability',
}

function write(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return
  const [status, content] = isError(answer)
    ? [answer.status ?? 400, { __type: typeOf(answer.type), message: answer.message }]
    : [200, answer.output]
  const body = JSON.stringify(content)
  response
    .writeHead(status, {
      'x-amzn-RequestId': requestId(),
      'x-amz-crc32': crc32(body),
      'Content-Type': 'application/x-amz-json-1.0',
      'Content-Length': Buffer.byteLength(body),
    })
    .end(body)
}

/** As long as AWS's. Random bytes would take as long as the rest of the answer. */
const requestId = () => (randomUUID() + randomUUID()).replaceAll('-', '').slice(0, 52).toUpperCase()

const typeOf = (name: string) => `${services[name] ?? 'com.amazonaws.dynamodb.v20120810'}#${name}`
