import { listed, type UntypedRecord } from './untyped.ts'

/**
 * The candidate that `word` was probably meant to be, or `undefined` when none is near. Ignores case, `_`, `-` and
 * spaces: `billing_mode` matches `billingMode`. A candidate may have more parts: `payments` matches `payments-dev`.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word)
  let best: { readonly candidate: string; readonly distance: number } | undefined
  // Up to a third of the letters may be wrong, but never all letters of a short word.
  const most = Math.min(4, Math.floor(wanted.length / 3))
  const all = [...candidates]
  for (const candidate of all) {
    const other = plain(candidate)
    if (Math.abs(other.length - wanted.length) > most) continue
    const distance = editDistance(wanted, other)
    if (distance <= most && (best === undefined || distance < best.distance)) best = { candidate, distance }
  }
  if (best !== undefined || wanted.length < 3) return best?.candidate
  return all.find(candidate => inParts(candidate).includes(inParts(word)))
}

/** `-dev-payments-`, from `dev_payments`. */
const inParts = (name: string) => `-${name.toLowerCase().replace(/[-_.\s]/g, '-')}-`

/** The suggestion as the end of a sentence, `; did you mean "billingMode"?`, or an empty text. */
export function suggestion(word: string, candidates: Iterable<string>): string {
  const meant = didYouMean(word, candidates)
  return meant === undefined ? '' : `; did you mean "${meant}"?`
}

/** The field that was probably meant by an unknown name. */
export function meantField(field: string, known: readonly string[], otherNames: UntypedRecord): string | undefined {
  return otherName(field, otherNames) ?? didYouMean(field, known)
}

/** The sentence for an unknown field, with the field that was probably meant. */
export function unknownField(field: string, known: readonly string[], otherNames: UntypedRecord = {}): string {
  const other = otherName(field, otherNames)
  const meant = other === undefined ? suggestion(field, known) : `; it is called "${other}" here`
  return `unknown field "${field}"${meant === '' && known.length < 8 ? `; the fields are ${listed(known, 'and')}` : meant}`
}

/** Other names count in any case, with `_` or `-`, and in the plural. */
function otherName(field: string, otherNames: UntypedRecord): string | undefined {
  const given = plain(field)
  const name = Object.keys(otherNames).find(name => [plain(name), `${plain(name)}s`].includes(given))
  const other = name === undefined ? undefined : otherNames[name]
  return typeof other === 'string' ? other : undefined
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '')
}

/** The number of letters to insert, drop, change or swap with a neighbour to turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + cost,
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = current
  }
  return at(last, b.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
