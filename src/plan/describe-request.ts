import type { TableRequest } from '../settings/step.ts'

/** A request by the name of its operation, with what it is about where that says more: `UpdateTable BillingMode`. */
export function describeRequest(request: TableRequest): string {
  if (request.api !== 'UpdateTable') return request.api
  const members = Object.keys(request.input).filter(name => name !== 'TableName' && name !== 'AttributeDefinitions')
  return `UpdateTable ${members.join('+')}`
}
