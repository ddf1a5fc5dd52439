import { attempt, DynamoxError, type Place } from '../../errors.ts'
import { placeText } from '../../table/problems.ts'
import { inSentence, isRecord, ownMember, type UntypedRecord } from '../../table/untyped.ts'

/** Checks the parameters that the user gives, as CloudFormation does. @throws DynamoxError `model` */
export function checkParameters(
  given: Readonly<Record<string, string>>,
  { Parameters: parameters }: UntypedRecord,
  placeOf: (holder: unknown, member: string) => Place | undefined,
): void {
  if (!isRecord(parameters)) return
  for (const [name, value] of Object.entries(given)) {
    const parameter = ownMember(parameters, name)
    const fault = isRecord(parameter) ? faultOf(value, parameter) : undefined
    if (fault === undefined) continue
    const place = placeOf(parameters, name)
    const at = place === undefined ? '' : `${placeText(place)}: `
    throw new DynamoxError('model', `${at}the parameter ${name} ${fault}, not ${JSON.stringify(value)}`, { place })
  }
}

function faultOf(value: string, parameter: UntypedRecord): string | undefined {
  const { Type: type = 'String', AllowedValues: allowed, AllowedPattern: pattern } = parameter
  // The value of such a parameter is a path; its rules are about what stands there.
  if (String(type).startsWith('AWS::SSM::')) return undefined
  const parts = /^(CommaDelimitedList|List<)/.test(String(type)) ? value.split(',').map(part => part.trim()) : [value]
  const isNumber = /Number/.test(String(type))
  if (isNumber && parts.some(part => part === '' || !Number.isFinite(Number(part)))) return 'must be a number'
  const words = Array.isArray(allowed) ? allowed.map(String) : undefined
  if (words !== undefined && parts.some(part => !words.includes(part))) {
    const texts = words.map(word => (word === '' ? 'empty' : word))
    return `must be ${inSentence(texts, 'or')}`
  }
  const whole = typeof pattern === 'string' ? patternOf(pattern) : undefined
  if (whole !== undefined && parts.some(part => !whole.test(part))) return `must match ${pattern}`
  const limits = [
    ['MinLength', value.length, -1, 'must have at least', ' characters'],
    ['MaxLength', value.length, 1, 'must have at most', ' characters'],
    ['MinValue', Number(value), -1, 'must be at least', ''],
    ['MaxValue', Number(value), 1, 'must be at most', ''],
  ] as const
  const broken = limits.find(
    ([limit, size, sign]) => parameter[limit] !== undefined && sign * (size - Number(parameter[limit])) > 0,
  )
  return broken && `${broken[3]} ${String(parameter[broken[0]])}${broken[4]}`
}

/** CloudFormation's patterns are those of Java: one that JavaScript cannot read is not checked. */
function patternOf(pattern: string): RegExp | undefined {
  if (/\\[pPhHQEXzZAG]|\(\?[a-z]/.test(pattern)) return undefined
  return attempt(() => new RegExp(`^(?:${pattern})$`))
}
