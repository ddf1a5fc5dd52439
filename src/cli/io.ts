/** A stream to write to; a terminal says so and how wide it is. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** Where answers to questions come from. */
export interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean | undefined
}

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** All that the command line needs of the process, so that tests can run a command without one. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: Input
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Calls `stop` for every signal that asks to end; the returned function takes the listener away. */
  onStop(stop: (signal: StopSignal) => void): () => void
  /** Ends the process at once; only a second signal asks for it. */
  exit(code: number): void
}
