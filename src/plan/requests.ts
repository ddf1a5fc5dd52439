import type { TableRequest } from '../settings/step.ts'
import type { KinesisDestination, TableDefinition } from '../table/definition.ts'
import { createTableInput } from './create-table-input.ts'

export function createTableRequest(definition: TableDefinition): TableRequest {
  return { api: 'CreateTable', input: createTableInput(definition) }
}

export function deleteTableRequest(table: string): TableRequest {
  return { api: 'DeleteTable', input: { TableName: table } }
}

export function deletionProtectionRequest(table: string, enabled: boolean): TableRequest {
  return { api: 'UpdateTable', input: { TableName: table, DeletionProtectionEnabled: enabled } }
}

/** Turns expiry on or off. AWS wants the attribute named in both cases. */
export function timeToLiveRequest(table: string, attribute: string, enabled: boolean): TableRequest {
  return {
    api: 'UpdateTimeToLive',
    input: { TableName: table, TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute } },
  }
}

/** `setting`: off, on, or on for so many days; the days must not be sent when it is turned off. */
export function pointInTimeRecoveryRequest(table: string, setting: boolean | number): TableRequest {
  return {
    api: 'UpdateContinuousBackups',
    input: {
      TableName: table,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: setting !== false,
        ...(typeof setting === 'number' ? { RecoveryPeriodInDays: setting } : {}),
      },
    },
  }
}

export function contributorInsightsRequest(
  table: string,
  index: string | undefined,
  setting: NonNullable<TableDefinition['contributorInsights']>,
): TableRequest {
  return {
    api: 'UpdateContributorInsights',
    input: {
      TableName: table,
      ...(index === undefined ? {} : { IndexName: index }),
      ContributorInsightsAction: setting === false ? 'DISABLE' : 'ENABLE',
      ...(typeof setting === 'string' ? { ContributorInsightsMode: setting } : {}),
    },
  }
}

export function enableKinesisRequest(table: string, destination: KinesisDestination): TableRequest {
  const { arn, precision } = destination
  return {
    api: 'EnableKinesisStreamingDestination',
    input: {
      TableName: table,
      StreamArn: arn,
      ...(precision === undefined
        ? {}
        : { EnableKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: precision } }),
    },
  }
}

export function disableKinesisRequest(table: string, arn: string): TableRequest {
  return { api: 'DisableKinesisStreamingDestination', input: { TableName: table, StreamArn: arn } }
}

export function updateKinesisRequest(
  table: string,
  arn: string,
  precision: NonNullable<KinesisDestination['precision']>,
): TableRequest {
  return {
    api: 'UpdateKinesisStreamingDestination',
    input: {
      TableName: table,
      StreamArn: arn,
      UpdateKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: precision },
    },
  }
}
