/** What the command line said; an option that was not given is absent. */
export interface Flags {
  model?: readonly string[]
  config?: string | false
  env?: string
  prefix?: string
  suffix?: string
  require?: readonly string[]
  allowNetwork?: boolean
  export?: string
  table?: string
  all?: boolean
  plain?: boolean
  region?: string
  profile?: string
  endpoint?: string
  local?: boolean
  port?: number
  inMemory?: boolean
  reset?: boolean
  engine?: 'dynalite' | 'dynamodb-local' | 'extenddb' | 'dynoxide'
  engines?: boolean
  jar?: string
  envFile?: string
  writeEnv?: string
  seed?: readonly string[]
  watch?: boolean
  recreate?: boolean
  admin?: boolean
  wait?: boolean
  for?: 'active' | 'gone'
  /** Milliseconds. */
  timeout?: number
  concurrency?: number
  failFast?: boolean
  strict?: boolean
  dryRun?: boolean
  check?: boolean
  out?: string
  plan?: string
  dropIndexes?: boolean
  pruneTags?: boolean
  safeReplace?: boolean
  yes?: boolean
  disableProtection?: boolean
  allowProtected?: boolean
  partitionKey?: string
  sortKey?: string
  billingMode?: 'PAY_PER_REQUEST' | 'PROVISIONED'
  readCapacity?: number
  writeCapacity?: number
  tableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS'
  encryption?: 'AWS_OWNED' | 'AWS_MANAGED' | 'CUSTOMER_MANAGED'
  kmsKeyId?: string
  gsi?: readonly string[]
  lsi?: readonly string[]
  ttl?: string
  stream?: 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES'
  pointInTimeRecovery?: boolean
  deletionProtection?: boolean
  tag?: readonly string[]
  json?: boolean
  quiet?: boolean
  verbose?: boolean
  color?: boolean
}
