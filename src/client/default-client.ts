import { DynamoxClient } from './dynamox-client.ts'

let current: DynamoxClient | undefined

/** The client that models use from now on; `undefined` goes back to one made from the AWS environment. */
export function setDefaultClient(client: DynamoxClient | undefined): void {
  current = client
}

/** The client that was set; otherwise one for the region, endpoint and credentials of the AWS environment. */
export function getDefaultClient(): DynamoxClient {
  current ??= new DynamoxClient()
  return current
}
