import { dirname, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { DynamoxError, isDynamoxError, type Place } from '../../../errors.ts'
import { type EnvironmentVariables, readVariable } from '../../../table/environment-variable.ts'
import { isRecord, ownMember, type UntypedRecord } from '../../../table/untyped.ts'
import type { ReadContext, TemplateDocument } from '../format.ts'
import { missingReason, missingValue } from '../missing-value.ts'
import { type Alternative, parseVariables, type Template, type Variable } from './parse-variable.ts'

/** A value of a service's files, not yet resolved, with the document that it stands in. */
export interface Located {
  readonly value: unknown
  readonly document: TemplateDocument
}

/** A variable that has no value here. */
export class MissingValue extends Error {}

/** The result of `work`, or the reason why it has no value. */
async function orMissing<T>(work: Promise<T>): Promise<T | MissingValue> {
  return work.catch((error: unknown) => {
    if (error instanceof MissingValue) return error
    throw error
  })
}

const maxResolutions = 100_000
const maxLength = 100_000

/**
 * Resolves the variables of the Serverless Framework. Each is resolved when it is first asked for, so that parts of a
 * service may refer to each other, and a part that cannot be resolved does not matter to the others. One at a time:
 * what is being resolved must not be asked for again.
 */
export class Variables {
  private readonly root: Located
  private readonly path: string
  private readonly context: ReadContext
  private readonly running = new Set<string>()
  private readonly files = new Map<string, Located>()
  /** Where each resolved object or list was written. */
  private readonly origins = new WeakMap<object, Located & { readonly member?: string | undefined }>()
  private variables: EnvironmentVariables | undefined
  private count = 0

  constructor(document: TemplateDocument, path: string, context: ReadContext) {
    this.root = { value: document.data, document }
    this.path = path
    this.context = context
  }

  /** Where a resolved object or list, or one of its members, stands. */
  placeOf(holder: unknown, member?: string | number): Place | undefined {
    if (typeof holder !== 'object' || holder === null) return undefined
    const origin = this.origins.get(holder)
    return origin?.document.placeOf(origin.value, origin.member ?? member)
  }

  /** The stage: given, or the provider's, or the framework's default. */
  async stage(): Promise<string> {
    const own = this.context.inputs.stage ?? (await this.textAt('provider.stage'))
    return own ?? 'dev'
  }

  /** The text at a path of the service; `undefined` when it has none, or one that cannot be resolved. */
  async textAt(path: string): Promise<string | undefined> {
    const found = await orMissing(this.self(path))
    if (found instanceof MissingValue) return undefined
    const { value } = found
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  }

  /** A part of the service with its own variable resolved, and nothing below. @throws MissingValue */
  self(path: string): Promise<Located> {
    return this.walk(this.root, path.split('.').filter(Boolean))
  }

  /** A value with its own variable resolved: a text that is one variable may become an object. @throws MissingValue */
  async shallow(located: Located): Promise<Located> {
    const { value, document } = located
    if (typeof value !== 'string' || !value.includes('${')) return located
    const template = parseVariables(this.plainSyntax(value))
    const [only] = template
    if (template.every(part => typeof part === 'string')) {
      // Escaped variables have lost their backslashes.
      return template.join('') === value ? located : { value: template.join(''), document }
    }
    if (template.length === 1 && only !== undefined && typeof only !== 'string') return this.variable(only)
    return { value: await this.text(template), document }
  }

  /** A service of version 1 may write `${{self:x}}`. */
  private plainSyntax(text: string): string {
    const { data } = this.root.document
    const isDoubled = isRecord(data) && /\$\{\{/.test(String(data.variableSyntax ?? '').replaceAll('\\', ''))
    return isDoubled ? text.replaceAll('${{', '${').replaceAll('}}', '}') : text
  }

  /** A value with everything below resolved; what has no value is marked with the reason. */
  async deep(located: Located): Promise<unknown> {
    const found = await orMissing(this.shallow(located))
    if (found instanceof MissingValue) return missingValue(found.message)
    const { value, document } = found
    // serverless-pseudo-parameters reads `#{AWS::Region}` in any text.
    if (typeof value === 'string' && /#\{AWS::\w+\}/.test(value)) return { 'Fn::Sub': value.replace(/#\{/g, '${') }
    if (typeof value !== 'object' || value === null) return value
    this.spend()
    const entries: [string, unknown][] = []
    for (const [key, inner] of Object.entries(value)) {
      const resolved = await this.deep({ value: inner, document })
      if (missingReason(resolved) !== undefined && isRecord(resolved))
        this.origins.set(resolved, { value, document, member: key })
      entries.push([key, resolved])
    }
    const copy = Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
    this.origins.set(copy, found)
    return copy
  }

  private async walk(from: Located, path: readonly string[]): Promise<Located> {
    let located = await this.shallow(from)
    for (const [index, key] of path.entries()) {
      const { value, document } = located
      // `service` may be a text or an object with a name.
      if (typeof value === 'string' && key === 'name' && path[index - 1] === 'service') continue
      const isOwn = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      if (!isOwn) throw new MissingValue(`${path.join('.')} does not exist`)
      located = await this.shallow({ value: (value as UntypedRecord)[key], document })
    }
    return located
  }

  private async variable({ alternatives, text }: Variable): Promise<Located> {
    this.spend()
    const reasons: string[] = []
    for (const alternative of alternatives) {
      const found = await orMissing(this.alternative(alternative))
      if (found instanceof MissingValue) reasons.push(found.message)
      else if (found.value !== null && found.value !== undefined) return found
      else reasons.push(`${text} is empty`)
    }
    // The framework's own default, where the service names none.
    const isStage = alternatives.some(each => each.kind === 'source' && each.text === 'opt:stage')
    if (isStage) return { value: await this.once('stage', () => this.stage()), document: this.root.document }
    throw new MissingValue(reasons.at(-1) ?? `${text} has no value`)
  }

  private async alternative(alternative: Alternative): Promise<Located> {
    const { document } = this.root
    if (alternative.kind === 'literal') return { value: alternative.value, document }
    if (alternative.kind === 'template') {
      const [only] = alternative.template
      if (alternative.template.length === 1 && only !== undefined && typeof only !== 'string')
        return this.variable(only)
      return { value: await this.text(alternative.template), document }
    }
    const { source, text } = alternative
    const argument = alternative.argument && (await this.text(alternative.argument))
    const address = alternative.address && (await this.text(alternative.address))
    const found = await this.once(`${source}(${argument}):${address}`, () =>
      this.source(source, argument, address, text),
    )
    return this.shallow(found)
  }

  private async source(
    source: string,
    argument: string | undefined,
    address: string | undefined,
    text: string,
  ): Promise<Located> {
    const { inputs, env } = this.context
    const region = this.context.region ?? inputs.parameters?.['AWS::Region']
    const accountId = this.context.accountId ?? inputs.parameters?.['AWS::AccountId']
    const plain = (value: unknown, why: string): Located => {
      if (value === undefined) throw new MissingValue(why)
      return { value, document: this.root.document }
    }
    const parameter = (name: string) => ownMember(inputs.parameters ?? {}, name)
    switch (source) {
      case 'self':
        return this.walk(this.root, (address ?? '').split('.').filter(Boolean))
      case 'opt': {
        const own = ownMember({ stage: inputs.stage, region }, address ?? '') ?? parameter(address ?? '')
        const flag = address === 'stage' || address === 'region' ? `--${address}` : `--param ${address}=...`
        return plain(own, `the option ${address} has no value; give it with ${flag}`)
      }
      case 'env': {
        const { value, missing } = readVariable(address ?? '', { ...(await this.dotenv()), ...env })
        return plain(value, missing)
      }
      case 'sls':
        return plain(address === 'stage' ? await this.stage() : undefined, `${text} is known only to the framework`)
      case 'param':
        return this.parameter(address ?? '', parameter(address ?? ''))
      case 'aws':
        if (address === 'region' && region === undefined) return this.self('provider.region')
        return plain(
          ownMember({ accountId, region }, address ?? ''),
          `${text} is not known; give it with --param or --region`,
        )
      case 'strToBool':
        return plain(/^(true|1)$/i.test(argument ?? ''), text)
      case 'file':
        return this.file(argument ?? '', address)
      case 'missing':
        return plain(undefined, `${address} is not known here`)
      default:
        return plain(undefined, `\${${text}} is known only when the service is deployed`)
    }
  }

  /** With `useDotenv`, the variables of `.env.<stage>`, else of `.env`. */
  private async dotenv(): Promise<EnvironmentVariables> {
    const { data } = this.root.document
    if (this.variables !== undefined || !isRecord(data) || data.useDotenv !== true) return this.variables ?? {}
    // The stage may itself be in an environment variable.
    this.variables = {}
    const names = [`.env.${await this.stage()}`, '.env']
    const file = names.flatMap(name => this.context.open(resolve(dirname(this.path), name)) ?? []).at(0)
    if (file !== undefined) this.variables = parseEnv(file.text())
    return this.variables
  }

  /** A parameter: given, or of the stage, or of all stages. */
  private async parameter(name: string, given: string | undefined): Promise<Located> {
    if (given !== undefined) return { value: given, document: this.root.document }
    const stage = await this.stage()
    const places = [`stages.${stage}.params`, `params.${stage}`, 'stages.default.params', 'params.default']
    for (const place of places) {
      const found = await orMissing(this.self(`${place}.${name}`))
      if (!(found instanceof MissingValue)) return found
    }
    throw new MissingValue(`the parameter ${name} has no value; give it with --param ${name}=...`)
  }

  private async file(name: string, address: string | undefined): Promise<Located> {
    const path = resolve(dirname(this.path), name)
    const keys = (address ?? '').split('.').filter(Boolean)
    const isScript = /\.[cm]?[jt]s$/i.test(path)
    const opened = this.context.open(path)
    if (opened === undefined) throw new MissingValue(`the file ${name} does not exist`)
    if (isScript) {
      const value = await this.script(opened.path, keys[0])
      return this.walk({ value, document: { data: value, placeOf: () => undefined } }, keys.slice(1))
    }
    const known = this.files.get(opened.path)
    const isData = /\.(ya?ml|json)$/i.test(path)
    const document =
      known?.document ?? (isData ? await opened.document() : { data: opened.text().trim(), placeOf: () => undefined })
    this.files.set(opened.path, { value: document.data, document })
    return this.walk({ value: document.data, document }, keys)
  }

  /** The export of a script; a function that is exported by name is called. A script that fails loses only its own value. */
  private async script(path: string, member: string | undefined): Promise<unknown> {
    try {
      return await this.context.run(path, { member, stage: this.context.inputs.stage })
    } catch (error) {
      if (isDynamoxError(error) && error.code === 'model') throw new MissingValue(error.message)
      throw error
    }
  }

  /** A text whose variables are texts, numbers or booleans. */
  private async text(template: Template): Promise<string> {
    let result = ''
    for (const part of template) {
      if (typeof part === 'string') result += part
      else {
        const { value } = await this.variable(part)
        const name = isRecord(value) && /self:service\}$/.test(part.text) ? value.name : value
        if (typeof name === 'object' || name === undefined)
          throw new MissingValue(`${part.text} is ${Array.isArray(name) ? 'a list' : 'an object'}, not a string`)
        result += String(name)
      }
      if (result.length > maxLength) throw this.endless()
    }
    return result
  }

  /** Refuses a value that needs itself; another alternative may take its place. */
  private async once<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.running.has(key)) throw new MissingValue(`${key.replace('(undefined)', '')} refers to itself`)
    this.running.add(key)
    try {
      return await work()
    } finally {
      this.running.delete(key)
    }
  }

  private spend(): void {
    this.count += 1
    if (this.count > maxResolutions) throw this.endless()
  }

  private endless(): DynamoxError {
    return new DynamoxError('model', `${this.context.shown(this.path)}: its variables expand without end`)
  }
}
