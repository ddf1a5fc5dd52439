/** What was found about a project, for its first config. */
export interface ProjectFacts {
  /** Globs or files that seem to hold models: `src/models/**\/*.ts`. */
  readonly models: readonly string[]
  /** The region from the environment, when there is one. */
  readonly region?: string | undefined
  /** Where the schema of the file lies, for editors. */
  readonly schema?: string | undefined
}

/** The text of a commented `.dynamoxrc` (YAML) for a project; it can be loaded as it is. */
export function initTemplate({ models, region, schema }: ProjectFacts): string {
  return `${[
    '# dynamox: which DynamoDB tables this project has, and where they live.',
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    '',
    '# Files that export models or tables; globs are welcome. Relative to this file.',
    ...modelLines(models),
    '',
    '# Tables can be written here as well:',
    '# tables:',
    '#   - table: orders',
    '#     partitionKey: customerId:S',
    '#     sortKey: placedAt:N',
    '#     globalIndexes:',
    '#       by-status: { partitionKey: status, sortKey: placedAt:N }',
    '',
    '# Around every table name:',
    '# prefix: dev-',
    '',
    '# Where to go. Without these, the standard AWS environment decides (AWS_REGION, AWS_PROFILE, ...).',
    region === undefined ? '# region: eu-west-1' : `region: ${region}`,
    '# endpoint: http://localhost:8000',
    '',
    '# For every table, unless its own source says otherwise:',
    '# defaults:',
    '#   billingMode: PAY_PER_REQUEST',
    '#   tags: { team: shop }',
    '',
    '# Laid over the rest with --env NAME. A protected one asks for --allow-protected before anything is destroyed.',
    'environments:',
    '  local:',
    '    local: true',
    '  prod:',
    '    protected: true',
    '    # Quote account ids: as a number, 012345678901 would lose its zero.',
    "    # allowedAccounts: ['123456789012']",
    '    deletionProtection: true',
    '    pointInTimeRecovery: true',
  ].join('\n')}\n`
}

function modelLines(models: readonly string[]): readonly string[] {
  if (models.length === 0) return ['# models:', '#   - src/models/*.ts']
  return ['models:', ...models.map(model => `  - ${/^[\w./-]+$/.test(model) ? model : JSON.stringify(model)}`)]
}
