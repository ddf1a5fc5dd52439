// JavaScript, because the libraries that these tests use are not there when the project's types are checked.
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { createJiti } from 'jiti'
import { createCompiler } from '../../../src/load/worker/compile.ts'
import { installModuleHelpers } from '../../../src/load/worker/module-helpers.ts'

const root = resolve(import.meta.dirname, '../../../fixtures/libraries')
const { transform } = createCompiler()
const jiti = createJiti(join(root, 'index.js'), { interopDefault: false, fsCache: false, transform })
installModuleHelpers()

process.env.AWS_REGION ??= 'us-east-1'
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = 'true'

/** Imports a model file of `fixtures/libraries` into this process, compiled as the loader's worker compiles it. */
export const importModel = file => jiti.import(join(root, file))

/** The copy of a library that the model files use. */
export const importLibrary = name => createJiti(join(root, 'index.js'), { interopDefault: true }).import(name)

/** A CommonJS package of `fixtures/libraries`. */
export const requireLibrary = createRequire(join(root, 'index.js'))

/** An SDK client of version 2 for an engine. */
export function clientOfVersion2({ endpoint, region, credentials }) {
  const { DynamoDB } = requireLibrary('aws-sdk')
  return new DynamoDB({ endpoint, region, ...credentials })
}
