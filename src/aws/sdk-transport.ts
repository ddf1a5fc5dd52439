import type {
  $Command,
  DynamoDBClient,
  DynamoDBClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb'
import { memberOf } from '../table/untyped.ts'
import type { Input, Operation, Output } from './operations.ts'
import type { Answer } from './recognise-engine.ts'
import { plainHeaders, type Transport } from './transport.ts'

// The CLI's own copy of the SDK has no more than these: a command that it lacks does not compile.
type Sdk = typeof import('./sdk-exports.ts')

/** Through the SDK, with all that it knows of AWS: sign-in, endpoints, clocks that are wrong. */
export function createSdkTransport(sdk: Sdk, client: DynamoDBClient): Transport {
  return {
    send: (call, learn) => sendOnce(client, commands[call.operation](sdk, call.input), call.signal, learn),
  }
}

/**
 * One request. A middleware on the command alone sees the raw answer, so that a user's client stays as it was given.
 * A wrong clock is corrected by the SDK while it fails; the call is then sent once more.
 */
async function sendOnce<O extends Operation>(
  client: DynamoDBClient,
  command: SdkCommand<O>,
  signal: AbortSignal | undefined,
  learn: (answer: Answer) => void,
): Promise<Output<O>> {
  command.middlewareStack.add(
    next => async args => {
      const result = await next(args)
      const answer = readAnswer(args.request, result.response)
      if (answer !== undefined) learn(answer)
      return result
    },
    { step: 'deserialize', priority: 'low', name: 'dynamoxAnswer' },
  )
  const options = signal === undefined ? {} : { abortSignal: signal }
  try {
    return await client.send(command, options)
  } catch (error) {
    if (memberOf(memberOf(error, '$metadata'), 'clockSkewCorrected') !== true) throw error
    return client.send(command, options)
  }
}

function readAnswer(request: unknown, response: unknown): Answer | undefined {
  const host = memberOf(request, 'hostname')
  const status = memberOf(response, 'statusCode')
  const headers = memberOf(response, 'headers')
  if (typeof host !== 'string' || typeof status !== 'number' || typeof headers !== 'object' || headers === null)
    return undefined
  return { host, status, headers: plainHeaders(headers) }
}

type SdkCommand<O extends Operation> = $Command<
  Input<O>,
  Output<O> & Pick<ServiceOutputTypes, '$metadata'>,
  DynamoDBClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>

/** Spelled out, so that an operation whose command is missing does not compile, and a bundler keeps just these. */
const commands: { readonly [O in Operation]: (sdk: Sdk, input: Input<O>) => SdkCommand<O> } = {
  CreateTable: (sdk, input) => new sdk.CreateTableCommand(input),
  DeleteResourcePolicy: (sdk, input) => new sdk.DeleteResourcePolicyCommand(input),
  DeleteTable: (sdk, input) => new sdk.DeleteTableCommand(input),
  DescribeContinuousBackups: (sdk, input) => new sdk.DescribeContinuousBackupsCommand(input),
  DescribeContributorInsights: (sdk, input) => new sdk.DescribeContributorInsightsCommand(input),
  DescribeKinesisStreamingDestination: (sdk, input) => new sdk.DescribeKinesisStreamingDestinationCommand(input),
  DescribeTable: (sdk, input) => new sdk.DescribeTableCommand(input),
  DescribeTimeToLive: (sdk, input) => new sdk.DescribeTimeToLiveCommand(input),
  DisableKinesisStreamingDestination: (sdk, input) => new sdk.DisableKinesisStreamingDestinationCommand(input),
  EnableKinesisStreamingDestination: (sdk, input) => new sdk.EnableKinesisStreamingDestinationCommand(input),
  GetResourcePolicy: (sdk, input) => new sdk.GetResourcePolicyCommand(input),
  ListTables: (sdk, input) => new sdk.ListTablesCommand(input),
  ListTagsOfResource: (sdk, input) => new sdk.ListTagsOfResourceCommand(input),
  PutResourcePolicy: (sdk, input) => new sdk.PutResourcePolicyCommand(input),
  TagResource: (sdk, input) => new sdk.TagResourceCommand(input),
  UntagResource: (sdk, input) => new sdk.UntagResourceCommand(input),
  UpdateContinuousBackups: (sdk, input) => new sdk.UpdateContinuousBackupsCommand(input),
  UpdateContributorInsights: (sdk, input) => new sdk.UpdateContributorInsightsCommand(input),
  UpdateKinesisStreamingDestination: (sdk, input) => new sdk.UpdateKinesisStreamingDestinationCommand(input),
  UpdateTable: (sdk, input) => new sdk.UpdateTableCommand(input),
  UpdateTimeToLive: (sdk, input) => new sdk.UpdateTimeToLiveCommand(input),
  BatchWriteItem: (sdk, input) => new sdk.BatchWriteItemCommand(input),
  Scan: (sdk, input) => new sdk.ScanCommand(input),
}
