import { didYouMean, suggestion } from './did-you-mean.ts'
import { listed, type UntypedRecord } from './untyped.ts'

/** The field that was probably meant by an unknown name. */
export function meantField(field: string, known: readonly string[], otherNames: UntypedRecord): string | undefined {
  return otherName(field, otherNames) ?? didYouMean(field, known)
}

/** The sentence for an unknown field, with the field that was probably meant. */
export function unknownField(field: string, known: readonly string[], otherNames: UntypedRecord = {}): string {
  const other = otherName(field, otherNames)
  const meant = other === undefined ? suggestion(field, known) : `; it is called "${other}" here`
  return `there is no field "${field}"${meant === '' && known.length < 8 ? `; known are ${listed(known, 'and')}` : meant}`
}

function otherName(field: string, otherNames: UntypedRecord): string | undefined {
  const other = Object.hasOwn(otherNames, field) ? otherNames[field] : undefined
  return typeof other === 'string' ? other : undefined
}
