import type { Capabilities, EngineName, Feature } from '../table/capabilities.ts'
import { settingFields } from './catalogue.ts'

/**
 * What each engine does with each feature, as seen by asking it: dynalite 4.0, DynamoDB Local 1.25, ExtendDB 0.1,
 * dynoxide 1.2. A feature that is named nowhere is kept and reported as on AWS. Settings know themselves who ignores them.
 */
export const engines: Readonly<Record<EngineName, Capabilities>> = {
  aws: engine('aws', 'AWS'),
  dynalite: engine('dynalite', 'dynalite (the embedded engine)', {
    // UpdateTable answers index changes with 200 and does nothing: a plan that waited for them would never end.
    refuses: ['multiAttributeKeys', 'indexChanges'],
  }),
  'dynamodb-local': engine('dynamodb-local', 'DynamoDB Local', { refuses: ['multiAttributeKeys'] }),
  extenddb: engine('extenddb', 'ExtendDB', {
    // A changed capacity is refused, and a new index that has one leaves a table that can no longer be described or deleted.
    ignores: ['indexOnDemandCaps', 'indexCapacityChanges', 'encryptionChanges'],
  }),
  dynoxide: engine('dynoxide', 'dynoxide', {
    ignores: ['indexOnDemandCaps', 'indexCapacityChanges', 'encryptionChanges'],
  }),
  // What these keep depends on their version and edition: whatever they refuse is learnt from their answers.
  localstack: engine('localstack', 'LocalStack'),
  moto: engine('moto', 'moto'),
  // Nothing is known of it, so nothing is left out: it refuses by itself what it does not know.
  unknown: engine('unknown', 'this endpoint'),
}

function engine(
  name: EngineName,
  label: string,
  { ignores = [], refuses = [] }: { readonly ignores?: readonly Feature[]; readonly refuses?: readonly Feature[] } = {},
): Capabilities {
  const ignored = (Object.keys(settingFields) as (keyof typeof settingFields)[]).filter(field =>
    settingFields[field].ignoredBy?.includes(name),
  )
  return { engine: name, label, ignores: [...ignored, ...ignores], refuses }
}
