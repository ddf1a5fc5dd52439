/** How text is marked; the plain one leaves it as it is. */
export interface Style {
  good(text: string): string
  bad(text: string): string
  warning(text: string): string
  dim(text: string): string
  bold(text: string): string
  /** Whether lines begin with a sign, as they do on a terminal. */
  readonly signs: boolean
}

const same = (text: string) => text

export const plainStyle: Style = { good: same, bad: same, warning: same, dim: same, bold: same, signs: false }
