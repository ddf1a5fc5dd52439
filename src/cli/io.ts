/** A stream to write to; a terminal has `isTTY` and its width. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  /** The stream behind one that neutralises what a reader of the output would obey. */
  readonly raw?: Output | undefined
}

/** The stream with the user's answers. */
export interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean | undefined
}

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** The parts of the process that the CLI uses, so that tests can run commands without a process. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: Input
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Calls `stop` for every stop signal; returns a function that removes the listener. */
  onStop(stop: (signal: StopSignal) => void): () => void
  /** Ends the process immediately; used only for a second signal. */
  exit(code: number): void
}
