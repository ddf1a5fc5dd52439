const advices = new WeakMap<object, string>()

/** The same error, with what may help against it. */
export function withAdvice(error: unknown, advice: string | undefined): unknown {
  if (advice !== undefined && typeof error === 'object' && error !== null) advices.set(error, advice)
  return error
}

/** What may help against an error, when somebody knew. */
export function adviceOn(error: object): string | undefined {
  return advices.get(error)
}
