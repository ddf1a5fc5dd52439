import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'

/** An AWS for the tests of a file that only counts who calls. */
export function countingAws() {
  let server: Server
  let attempts = 0

  beforeAll(async () => {
    server = createServer(socket => {
      attempts += 1
      socket.destroy()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => new Promise(resolve => server.close(resolve)))
  beforeEach(() => {
    attempts = 0
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  return {
    attempts: () => attempts,
    /** Everything that a library needs in order to reach DynamoDB behind our back, and its own variables for endpoints. */
    withCredentials(...variables: readonly string[]) {
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE')
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')
      vi.stubEnv('AWS_REGION', 'us-east-1')
      for (const name of ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL', ...variables]) vi.stubEnv(name, endpoint)
    },
    withoutCredentials() {
      for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION', 'AWS_DEFAULT_REGION'])
        vi.stubEnv(name, undefined)
    },
  }
}
