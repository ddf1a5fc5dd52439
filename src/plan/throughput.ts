import type { OnDemandThroughput, ProvisionedThroughput, WarmThroughput } from '@aws-sdk/client-dynamodb'
import type { BillingMode, TableDefinition, Throughput } from '../table/definition.ts'

/** What a PROVISIONED table or index is created with when nobody names its capacity. */
const defaultCapacity = 5

/** Read and write capacity; AWS wants both or neither, so a missing one is filled in. */
export function provisionedInput(throughput: Throughput): ProvisionedThroughput {
  return {
    ReadCapacityUnits: throughput.readCapacity ?? defaultCapacity,
    WriteCapacityUnits: throughput.writeCapacity ?? defaultCapacity,
  }
}

/** On-demand caps for a creation, where "no cap" is said by leaving it out (AWS refuses -1 there). */
export function onDemandInput(throughput: Throughput): OnDemandThroughput | undefined {
  const { maxReadUnits, maxWriteUnits } = throughput
  const input = {
    ...(typeof maxReadUnits === 'number' ? { MaxReadRequestUnits: maxReadUnits } : {}),
    ...(typeof maxWriteUnits === 'number' ? { MaxWriteRequestUnits: maxWriteUnits } : {}),
  }
  return Object.keys(input).length === 0 ? undefined : input
}

/** Warm throughput; either member may stand alone, but never neither. */
export function warmInput(throughput: Throughput): WarmThroughput | undefined {
  const { warmReadUnits, warmWriteUnits } = throughput
  const input = {
    ...(warmReadUnits === undefined ? {} : { ReadUnitsPerSecond: warmReadUnits }),
    ...(warmWriteUnits === undefined ? {} : { WriteUnitsPerSecond: warmWriteUnits }),
  }
  return Object.keys(input).length === 0 ? undefined : input
}

/** How a table is billed when it is created from this definition. */
export function billingOf(definition: TableDefinition): BillingMode {
  return definition.billingMode ?? 'PAY_PER_REQUEST'
}
