import { isRecord } from '../../table/untyped.ts'

const key = 'dynamox:missing'

/** Stands in a template for a value that its own format could not resolve, with the reason. */
export function missingValue(reason: string): { readonly [key]: string } {
  return { [key]: reason }
}

/** The reason of such a value; `undefined` for any other. */
export function missingReason(value: unknown): string | undefined {
  const reason = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return typeof reason === 'string' ? reason : undefined
}
