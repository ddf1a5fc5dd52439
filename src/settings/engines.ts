import type { Capabilities, EngineName, Feature } from '../table/capabilities.ts'
import { settingFields } from './catalogue.ts'

/**
 * The observed capabilities of each engine: dynalite 4.0, DynamoDB Local 1.25, ExtendDB 0.1, dynoxide 1.2. A feature
 * that is not listed works as on AWS. Settings list the engines that ignore them in `ignoredBy`.
 */
export const engines: Readonly<Record<EngineName, Capabilities>> = {
  aws: engine('aws', 'AWS'),
  dynalite: engine('dynalite', 'dynalite (the embedded engine)', { refuses: ['multiAttributeKeys'] }),
  'plain-dynalite': engine('plain-dynalite', 'plain dynalite', {
    // UpdateTable answers index changes with 200 and does nothing; a plan that waits for them would never end.
    refuses: ['multiAttributeKeys', 'indexChanges'],
  }),
  'dynamodb-local': engine('dynamodb-local', 'DynamoDB Local', { refuses: ['multiAttributeKeys'] }),
  extenddb: engine('extenddb', 'ExtendDB', {
    // It refuses a changed capacity. A new index with a capacity makes the table impossible to describe or delete.
    ignores: ['indexOnDemandCaps', 'indexCapacityChanges', 'encryptionChanges'],
  }),
  dynoxide: engine('dynoxide', 'dynoxide', {
    ignores: ['indexOnDemandCaps', 'indexCapacityChanges', 'encryptionChanges'],
  }),
  // The capabilities of these depend on version and edition, and are learnt from their answers.
  localstack: engine('localstack', 'LocalStack'),
  moto: engine('moto', 'moto'),
  // Its capabilities are unknown, so nothing is left out; it refuses unsupported settings itself.
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
  const pace = name === 'aws' || name === 'unknown' ? {} : { hasOwnPace: true as const }
  return { engine: name, label, ignores: [...ignored, ...ignores], refuses, ...pace }
}
