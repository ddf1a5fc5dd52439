import type * as Sdk from '@aws-sdk/client-dynamodb'

interface Shape<Input, Output> {
  readonly input: Input
  readonly output: Output
}

/** The operations that dynamox calls, by the names that AWS gives them. */
export interface Operations {
  readonly CreateTable: Shape<Sdk.CreateTableInput, Sdk.CreateTableOutput>
  readonly DeleteResourcePolicy: Shape<Sdk.DeleteResourcePolicyInput, Sdk.DeleteResourcePolicyOutput>
  readonly DeleteTable: Shape<Sdk.DeleteTableInput, Sdk.DeleteTableOutput>
  readonly DescribeContinuousBackups: Shape<Sdk.DescribeContinuousBackupsInput, Sdk.DescribeContinuousBackupsOutput>
  readonly DescribeContributorInsights: Shape<
    Sdk.DescribeContributorInsightsInput,
    Sdk.DescribeContributorInsightsOutput
  >
  readonly DescribeKinesisStreamingDestination: Shape<
    Sdk.DescribeKinesisStreamingDestinationInput,
    Sdk.DescribeKinesisStreamingDestinationOutput
  >
  readonly DescribeTable: Shape<Sdk.DescribeTableInput, Sdk.DescribeTableOutput>
  readonly DescribeTimeToLive: Shape<Sdk.DescribeTimeToLiveInput, Sdk.DescribeTimeToLiveOutput>
  readonly DisableKinesisStreamingDestination: Shape<
    Sdk.KinesisStreamingDestinationInput,
    Sdk.KinesisStreamingDestinationOutput
  >
  readonly EnableKinesisStreamingDestination: Shape<
    Sdk.KinesisStreamingDestinationInput,
    Sdk.KinesisStreamingDestinationOutput
  >
  readonly GetResourcePolicy: Shape<Sdk.GetResourcePolicyInput, Sdk.GetResourcePolicyOutput>
  readonly ListTables: Shape<Sdk.ListTablesInput, Sdk.ListTablesOutput>
  readonly ListTagsOfResource: Shape<Sdk.ListTagsOfResourceInput, Sdk.ListTagsOfResourceOutput>
  readonly PutResourcePolicy: Shape<Sdk.PutResourcePolicyInput, Sdk.PutResourcePolicyOutput>
  readonly TagResource: Shape<Sdk.TagResourceInput, object>
  readonly UntagResource: Shape<Sdk.UntagResourceInput, object>
  readonly UpdateContinuousBackups: Shape<Sdk.UpdateContinuousBackupsInput, Sdk.UpdateContinuousBackupsOutput>
  readonly UpdateContributorInsights: Shape<Sdk.UpdateContributorInsightsInput, Sdk.UpdateContributorInsightsOutput>
  readonly UpdateKinesisStreamingDestination: Shape<
    Sdk.UpdateKinesisStreamingDestinationInput,
    Sdk.UpdateKinesisStreamingDestinationOutput
  >
  readonly UpdateTable: Shape<Sdk.UpdateTableInput, Sdk.UpdateTableOutput>
  readonly UpdateTimeToLive: Shape<Sdk.UpdateTimeToLiveInput, Sdk.UpdateTimeToLiveOutput>
  // Items may hold binary values, which the SDK alone encodes.
  readonly BatchWriteItem: Shape<Sdk.BatchWriteItemInput, Sdk.BatchWriteItemOutput>
  readonly Scan: Shape<Sdk.ScanInput, Sdk.ScanOutput>
}

export type Operation = keyof Operations
export type Input<O extends Operation> = Operations[O]['input']
export type Output<O extends Operation> = Operations[O]['output']

/** One call: what is asked, of which table. */
export interface Call<O extends Operation> {
  readonly operation: O
  readonly input: Input<O>
  readonly table?: string | undefined
  readonly signal?: AbortSignal | undefined
}
