import type { Format } from './format.ts'

/** Services of the Serverless Framework, and of its fork osls: `serverless.yml`, `serverless.ts`. */
export const serverless: Format = {
  name: 'serverless',
  title: 'service of the Serverless Framework',
  matches(file) {
    if (file.isFolder) return false
    if (scriptName.test(file.name) || /(^|[-_.])serverless\.json$/i.test(file.name)) return true
    return /\.(ya?ml|json)$/i.test(file.name) && isService(file.text())
  },
  read: async (file, context) => (await import('./serverless/read-service.ts')).readService(file, context),
}

/** A file of resources that a service includes: CloudFormation with variables of the framework. */
export const serverlessPart: Format = {
  name: 'serverless',
  title: 'part of a service of the Serverless Framework',
  matches(file) {
    if (file.isFolder || !/\.ya?ml$/i.test(file.name)) return false
    const text = file.text()
    return /AWS::DynamoDB::(Global)?Table/.test(text) && /\$\{(self|opt|sls|env|param|file\([^)]*\)):/.test(text)
  },
  read: async (file, context) => (await import('./serverless/read-service.ts')).readPart(file, context),
}

const scriptName = /(^|[-_.])serverless\.[cm]?[jt]s$/i

/** A service has a name and a provider at its top level. */
function isService(text: string): boolean {
  const has = (key: string) => new RegExp(`^(?:["']?${key}["']?\\s*:|\\s{0,4}"${key}"\\s*:)`, 'm').test(text)
  return has('service') && has('provider')
}
