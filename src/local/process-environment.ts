/** Sets variables of this process, and of those it starts from now on; the returned function puts back what was there. */
export function setEnvironment(variables: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.keys(variables).map(name => [name, process.env[name]] as const)
  for (const [name, value] of Object.entries(variables)) set(name, value)
  return () => {
    for (const [name, value] of before) set(name, value)
  }
}

/** A variable of this process. */
export const readVariable = (name: string): string | undefined => process.env[name]

/** All of them, for looking programs up. */
export const allVariables = (): Readonly<Record<string, string | undefined>> => process.env

export const workingDirectory = (): string => process.cwd()

/** Tells this worker of a test runner from those that run beside it. */
export const workerName = (): string => process.env.VITEST_POOL_ID ?? process.env.JEST_WORKER_ID ?? String(process.pid)

// An empty variable is not the same as none: the SDK would take it for a value.
function set(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name)
  else process.env[name] = value
}
