import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { DynamoxError } from '../../errors.ts'
import { findInPackage } from '../../local/engines/find-file.ts'
import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'

const fileName = '.dynamoxrc'

/** Writes a commented config into the working directory, never over one that is there. */
export async function init({ io }: Run): Promise<Result> {
  const { configsIn } = await import('../../load/find-config.ts')
  const [taken] = configsIn(io.cwd)
  if (taken !== undefined) throw alreadyThere(basename(taken))
  const path = join(io.cwd, fileName)
  // `wx`: somebody may have written one since the look.
  await writeFile(path, template(findModels(io.cwd), findSchema(io.cwd)), { flag: 'wx' }).catch(cause => {
    throw cause.code === 'EEXIST' ? alreadyThere(fileName) : notWritten(path, cause)
  })
  return { exit: 0, extra: { path }, lines: () => [`wrote ${fileName}`] }
}

function alreadyThere(name: string): DynamoxError {
  return new DynamoxError(
    'config',
    `there is already a config here: ${name === 'package.json' ? 'package.json ("dynamox")' : name}`,
    {
      hint: 'edit it, or remove it first; nothing was written',
    },
  )
}

function notWritten(path: string, cause: NodeJS.ErrnoException): DynamoxError {
  return new DynamoxError('config', `${path} cannot be written: ${cause.message}`, {
    hint: 'run dynamox init in the folder of the project, as a user who may write there',
    cause,
  })
}

const modelFolders = ['src/models', 'models', 'src/model', 'src/entities', 'src/db/models']

/** The folder where this project keeps its models, when it has one of the usual names. */
function findModels(cwd: string): string | undefined {
  return modelFolders.find(folder => existsSync(join(cwd, folder)))
}

/** The JSON Schema of the dynamox that is installed for this project, as the config names it. */
function findSchema(cwd: string): string | undefined {
  const path = findInPackage(cwd, 'dynamox', 'dist/config.schema.json')
  if (path === undefined) return undefined
  const below = relative(cwd, path).replaceAll('\\', '/')
  return below.startsWith('.') ? below : `./${below}`
}

function template(folder: string | undefined, schema: string | undefined): string {
  const models = `models: ${folder ?? 'src/models'}/**/*.{ts,js}`
  return `# dynamox: where the tables are defined and where they live.
# Everything is optional; flags are stronger than this file.
${schema === undefined ? '' : `\n# For editors.\n$schema: ${schema}\n`}
# Files that define tables, relative to this file. One glob, or a list.
${folder === undefined ? `# ${models}` : models}

# Tables can be defined here as well. A key is name:type, with the types S (string), N (number) and B (binary).
# tables:
#   - table: orders
#     partitionKey: customerId:S
#     sortKey: placedAt:N
#     globalIndexes:
#       by-status: { partitionKey: status, sortKey: placedAt:N, projection: KEYS_ONLY }
#     ttl: expiresAt

# Put before and after every table name.
# prefix: shop-
# suffix: -v2

# Where to go; otherwise the standard AWS environment decides.
# region: eu-west-1
# profile: shop
# endpoint: http://localhost:8000
# local: true                       # the embedded engine on .dynamox/local

# For every table that does not say otherwise.
# defaults:
#   billingMode: PAY_PER_REQUEST
#   deletionProtection: true

# For single tables, stronger than their source.
# overrides:
#   orders: { pointInTimeRecovery: true }

# Chosen with --env or DYNAMOX_ENV, and laid over the rest.
# environments:
#   test: { local: true, prefix: test- }
#   prod: { region: eu-west-1, protected: true, allowedAccounts: ['123456789012'] }

# Nothing is changed in any other AWS account.
# allowedAccounts: ['123456789012']
`
}
