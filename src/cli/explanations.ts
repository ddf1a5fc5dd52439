import { readFileSync } from 'node:fs'

export interface Explanation {
  /** The id of a problem or a warning; `W-...` are dynamox's own warnings, the others are rules of AWS. */
  readonly id: string
  /** The rule, in one sentence. */
  readonly means: string
  readonly fix: string
}

/** Every id that a problem or a warning can carry, from the tables of docs/rules.md: first the rules, then the warnings. */
export function readExplanations(): readonly Explanation[] {
  // The path is valid from src/cli and from dist/cli.
  const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8')
  const rows = page.matchAll(/^\| `([^`]+)` \| (.+) \| (.+) \|$/gm)
  const all = [...rows].map(([, id = '', means = '', fix = '']) => ({ id, means, fix }))
  const isWarning = ({ id }: Explanation) => id.startsWith('W-')
  return [...all.filter(each => !isWarning(each)), ...all.filter(isWarning)]
}
