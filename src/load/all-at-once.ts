import { DynamoxError, type Problem } from '../errors.ts'

/** Why a model file could not be loaded, or holds nothing usable. */
export interface Failure {
  /** As messages name it. */
  readonly file: string
  readonly error: DynamoxError
}

/** What is wrong with model files and with definitions as one error, so that all of it is mended in one go. */
export function allAtOnce(
  failures: readonly Failure[],
  definitions: DynamoxError | undefined,
): DynamoxError | undefined {
  // What several files import fails once for each of them.
  const different = failures.filter(
    ({ error }, index) => index === failures.findIndex(other => other.error.message === error.message),
  )
  const [first, ...more] = different
  if (first === undefined) return definitions
  if (more.length === 0 && definitions === undefined) return first.error
  const problems = distinctProblems([...different.flatMap(problemsOf), ...(definitions?.problems ?? [])])
  const hints = new Set([...different.map(({ error }) => error.hint), ...(definitions ? [definitions.hint] : [])])
  return new DynamoxError('model', `the models have ${problems.length} problems`, {
    hint: hints.size === 1 ? first.error.hint : undefined,
    problems,
  })
}

/** Each problem once, however many tables have it. */
export function distinctProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map(problem => [`${problem.path}\n${problem.message}`, problem])).values()]
}

/** The place, `src/models/user.ts:12`, is the path; what a definition complains of lies within it. */
function problemsOf({ file, error }: Failure): readonly Problem[] {
  const { message, problems = [] } = error
  const [, place = file, text] = /^(.+?(?::\d+)+): (.*)$/s.exec(message) ?? []
  if (problems.length > 0) return problems.map(problem => ({ ...problem, path: `${place} ${problem.path}` }))
  const rest = message.startsWith(file) ? message.slice(file.length).replace(/^:? /, '') : message
  return [{ path: place, message: text ?? rest }]
}
