import type { Refusal } from '../apply/ports.ts'
import type { TableRequest } from '../settings/step.ts'
import type { Session } from './session.ts'

/** Sends one request of a plan, once. */
export async function sendRequest(
  session: Session,
  request: TableRequest,
  signal: AbortSignal | undefined,
): Promise<Refusal | undefined> {
  const { api: operation, input } = request
  const table = 'TableName' in input ? input.TableName : /:table\/([^/]+)/.exec(input.ResourceArn ?? '')?.[1]
  const { refusal } = await session.attempt({ operation, input, table, signal })
  return refusal
}
