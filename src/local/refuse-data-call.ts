import { Readable } from 'node:stream'

/** An error that dynalite answers with. */
const refusal = (type: string, message: string): Error =>
  Object.assign(new Error(message), { statusCode: 400, body: { __type: type, message } })

export const notFound = (): Error =>
  refusal('com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', 'Requested resource not found')

export const validationError = (message: string): Error =>
  refusal('com.amazon.coral.validate#ValidationException', message)

/** A stream that fails when it is read. */
export const failingStream = (error: Error): Readable =>
  new Readable({
    objectMode: true,
    read() {
      this.destroy(error)
    },
  })
