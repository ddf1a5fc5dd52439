import { existsSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { DynamoxError, messageOf } from '../../errors.ts'
import type { Command, Invocation } from '../command.ts'
import { createFile } from '../replace-file.ts'
import type { Result } from '../report/report.ts'

const fileName = '.dynamoxrc'

export const init: Command = {
  name: 'init',
  summary: 'write a commented config file for this project',
  takes: 'nothing',
  reads: 'nothing',
  examples: [['dynamox init', 'writes .dynamoxrc; never overwrites a config']],
  run,
}

/** Writes a commented config into the working directory, never over an existing one. */
async function run({ io }: Invocation): Promise<Result> {
  const { configsIn } = await import('../../load/find-config.ts')
  const [taken] = configsIn(io.cwd)
  if (taken !== undefined) throw alreadyThere(basename(taken))
  const path = join(io.cwd, fileName)
  try {
    // Another process may have written one in the meantime.
    createFile(path, template(findModels(io.cwd), await findSchema(io.cwd)))
  } catch (cause) {
    throw cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
      ? alreadyThere(fileName)
      : notWritten(path, cause)
  }
  return { exit: 0, extra: { path }, lines: () => [`wrote ${fileName}`] }
}

function alreadyThere(name: string): DynamoxError {
  const shown = name === 'package.json' ? 'package.json ("dynamox")' : name
  return new DynamoxError('config', `a config already exists here: ${shown}`, {
    hint: 'edit it, or remove it first; nothing was written',
  })
}

function notWritten(path: string, cause: unknown): DynamoxError {
  return new DynamoxError('config', `${path} cannot be written: ${messageOf(cause)}`, {
    hint: "run dynamox init in the project's folder, as a user who may write there",
    cause,
  })
}

const modelFolders = ['src/models', 'models', 'src/model', 'src/entities', 'src/db/models']

/** The project's model folder, if it has a common name. */
function findModels(cwd: string): string | undefined {
  return modelFolders.find(folder => existsSync(join(cwd, folder)))
}

/** The reference to the JSON Schema of the dynamox installed in this project. */
async function findSchema(cwd: string): Promise<string | undefined> {
  const { findInPackage } = await import('../../local/engines/find-file.ts')
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
