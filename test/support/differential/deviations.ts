import type { EngineName } from '../../../src/table/capabilities.ts'

/**
 * Where an engine and our rules disagree, and why that is the engine's matter and not ours. The rules follow what was
 * measured on AWS; each engine is older, or leaves things out.
 */
export type Deviation = {
  readonly engine: EngineName
  readonly reason: string
} & (
  | {
      /** Rules of ours that the engine does not enforce (`shape`: a value that is none of a field's). */ readonly lacks: readonly string[]
    }
  | { /** What it says when it refuses what AWS takes. */ readonly refuses: RegExp }
)

export const deviations: readonly Deviation[] = [
  ...(['dynalite', 'dynamodb-local', 'extenddb'] as const).map(engine => ({
    engine,
    reason:
      'AWS raises the quota of 20 global indexes on request, so more are a warning of ours; the engine refuses them.',
    refuses: /GlobalSecondaryIndex(es)? count exceeds/,
  })),
  {
    engine: 'dynalite',
    reason: 'Its store has no keys of several attributes (November 2025), so they are refused.',
    refuses: /does not support keys of several attributes/,
  },
  {
    engine: 'dynamodb-local',
    reason: 'It passes encryption, class, caps, warm throughput and tags over.',
    lacks: ['E1', 'C1', 'O1', 'O2', 'W1', 'W2', 'W4', 'A1', 'A2', 'A3'],
  },
  { engine: 'dynamodb-local', reason: 'On an on-demand table it passes capacity over.', lacks: ['T2', 'T3', 'T5'] },
  { engine: 'dynamodb-local', reason: 'An index may include more than 20 attributes.', lacks: ['P4'] },
  { engine: 'dynamodb-local', reason: 'It takes empty lists of indexes.', lacks: ['G1'] },
  { engine: 'dynamodb-local', reason: 'Beside indexes it takes some definitions that no key uses.', lacks: ['K9'] },
  {
    engine: 'dynamodb-local',
    reason: 'Version 1 knows no keys of several attributes.',
    refuses: /Key Schema too big|Too many hash keys specified/,
  },
  {
    engine: 'extenddb',
    reason: 'It keeps class, encryption, stream and warm throughput as they come.',
    lacks: ['C1', 'E1', 'S1', 'W1', 'W2', 'W4'],
  },
  {
    engine: 'extenddb',
    reason: 'It looks at no tag but for doubles, which it answers with an internal failure.',
    lacks: ['A1', 'A2', 'A3'],
  },
  { engine: 'extenddb', reason: 'It takes caps of any size, also on PROVISIONED tables.', lacks: ['O1', 'O2'] },
  {
    engine: 'extenddb',
    reason: 'Indexes of a PROVISIONED table may lack a capacity, or have none.',
    lacks: ['T3', 'T4'],
  },
  { engine: 'extenddb', reason: 'It takes empty lists of indexes.', lacks: ['G1'] },
  { engine: 'extenddb', reason: 'It takes an attribute that is defined twice.', lacks: ['K10'] },
  { engine: 'extenddb', reason: 'It counts no bytes of key names.', lacks: ['K12'] },
  { engine: 'extenddb', reason: 'An attribute may be in both roles of a key of several.', lacks: ['K5', 'G6'] },
  {
    engine: 'extenddb',
    reason: 'It does not look at the included attributes.',
    lacks: ['P4', 'P5', 'P6', 'P-name'],
  },
]
