import type { Refusal } from '../apply/ports.ts'
import type { TableRequest } from '../plan/plan.ts'
import type { Attempt, Session } from './session.ts'

/** Sends one request of a plan, once. */
export async function sendRequest(
  session: Session,
  request: TableRequest,
  signal: AbortSignal | undefined,
): Promise<Refusal | undefined> {
  const { input } = request
  const table = 'TableName' in input ? input.TableName : /:table\/([^/]+)/.exec(input.ResourceArn ?? '')?.[1]
  const attempt = await dispatch(session, request, { operation: request.api, table, signal })
  return attempt.refusal
}

interface Common {
  readonly operation: string
  readonly table: string | undefined
  readonly signal: AbortSignal | undefined
}

/** Spelled out, so that a request whose command is missing does not compile. */
function dispatch(session: Session, request: TableRequest, common: Common): Promise<Attempt<object>> {
  switch (request.api) {
    case 'CreateTable':
      return session.attempt({ ...common, command: sdk => new sdk.CreateTableCommand(request.input) })
    case 'UpdateTable':
      return session.attempt({ ...common, command: sdk => new sdk.UpdateTableCommand(request.input) })
    case 'DeleteTable':
      return session.attempt({ ...common, command: sdk => new sdk.DeleteTableCommand(request.input) })
    case 'UpdateTimeToLive':
      return session.attempt({ ...common, command: sdk => new sdk.UpdateTimeToLiveCommand(request.input) })
    case 'UpdateContinuousBackups':
      return session.attempt({ ...common, command: sdk => new sdk.UpdateContinuousBackupsCommand(request.input) })
    case 'TagResource':
      return session.attempt({ ...common, command: sdk => new sdk.TagResourceCommand(request.input) })
    case 'UntagResource':
      return session.attempt({ ...common, command: sdk => new sdk.UntagResourceCommand(request.input) })
    case 'PutResourcePolicy':
      return session.attempt({ ...common, command: sdk => new sdk.PutResourcePolicyCommand(request.input) })
    case 'DeleteResourcePolicy':
      return session.attempt({ ...common, command: sdk => new sdk.DeleteResourcePolicyCommand(request.input) })
    case 'UpdateContributorInsights':
      return session.attempt({ ...common, command: sdk => new sdk.UpdateContributorInsightsCommand(request.input) })
    case 'EnableKinesisStreamingDestination':
      return session.attempt({
        ...common,
        command: sdk => new sdk.EnableKinesisStreamingDestinationCommand(request.input),
      })
    case 'DisableKinesisStreamingDestination':
      return session.attempt({
        ...common,
        command: sdk => new sdk.DisableKinesisStreamingDestinationCommand(request.input),
      })
    case 'UpdateKinesisStreamingDestination':
      return session.attempt({
        ...common,
        command: sdk => new sdk.UpdateKinesisStreamingDestinationCommand(request.input),
      })
  }
}
