import type { Capabilities, EngineName, Feature } from '../table/capabilities.ts'

const onDemandCaps: readonly Feature[] = ['maxReadUnits', 'maxWriteUnits']
const warmThroughput: readonly Feature[] = ['warmReadUnits', 'warmWriteUnits']
/** Calls that none of the engines answers. */
const awsOnly: readonly Feature[] = ['resourcePolicy', 'contributorInsights', 'kinesis']

/**
 * What each engine does with each feature, as seen by asking it: dynalite 4.0, DynamoDB Local 1.25, ExtendDB 0.1,
 * dynoxide 1.2. A feature that is named nowhere is kept and reported as on AWS.
 */
export const engines: Readonly<Record<EngineName, Capabilities>> = {
  aws: { engine: 'aws', label: 'AWS', ignores: [], refuses: [] },
  dynalite: {
    engine: 'dynalite',
    label: 'dynalite (the embedded engine)',
    ignores: [
      ...onDemandCaps,
      ...warmThroughput,
      'tableClass',
      'encryption',
      'kmsKeyId',
      'stream',
      'ttl',
      'pointInTimeRecovery',
      'deletionProtection',
      // CreateTable forgets them; only TagResource keeps tags.
      'tags',
      ...awsOnly,
    ],
    // UpdateTable answers index changes with 200 and does nothing: a plan that waited for them would never end.
    refuses: ['multiAttributeKeys', 'indexChanges'],
  },
  'dynamodb-local': {
    engine: 'dynamodb-local',
    label: 'DynamoDB Local',
    ignores: [
      ...onDemandCaps,
      ...warmThroughput,
      'tableClass',
      'encryption',
      'kmsKeyId',
      'pointInTimeRecovery',
      'tags',
      ...awsOnly,
    ],
    refuses: ['multiAttributeKeys'],
  },
  extenddb: {
    engine: 'extenddb',
    label: 'ExtendDB',
    // It accepts any KMS key and reports one of its own. A capacity that is changed is refused, and a new index that
    // has one leaves a table that cannot be described, or deleted, any more.
    ignores: [...warmThroughput, 'kmsKeyId', 'indexOnDemandCaps', 'indexCapacityChanges', ...awsOnly],
    refuses: [],
  },
  dynoxide: {
    engine: 'dynoxide',
    label: 'dynoxide',
    ignores: [...warmThroughput, 'pointInTimeRecovery', 'indexOnDemandCaps', 'indexCapacityChanges', ...awsOnly],
    refuses: [],
  },
  // What these keep depends on their version and edition: whatever they refuse is learnt from their answers.
  localstack: { engine: 'localstack', label: 'LocalStack', ignores: [], refuses: [] },
  moto: { engine: 'moto', label: 'moto', ignores: [], refuses: [] },
  // Nothing is known of it, so nothing is left out: what it does not know, it refuses by itself.
  unknown: { engine: 'unknown', label: 'this endpoint', ignores: [], refuses: [] },
}
