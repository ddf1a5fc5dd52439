import { DynamoxClient } from './dynamox-client.ts'

/** Shared by all copies of dynamox in this process: some models may `require` it while the program imports it. */
const place = Symbol.for('dynamox.defaultClient')
const shared = globalThis as { [place]?: DynamoxClient | undefined }

/** Sets the client that models use from now on; `undefined` returns to one made from the AWS environment. */
export function setDefaultClient(client: DynamoxClient | undefined): void {
  shared[place] = client
}

/** The client that was set; otherwise one for the region, endpoint and credentials of the AWS environment. */
export function getDefaultClient(): DynamoxClient {
  shared[place] ??= new DynamoxClient()
  return shared[place]
}
