import type { Io, Output } from '../io.ts'

/** The same streams for a job of GitHub Actions, whose runner obeys lines of its log. */
export function withoutCommands(io: Io): Io {
  let stdout: Output | undefined
  let stderr: Output | undefined
  return {
    env: io.env,
    onStop: stop => io.onStop(stop),
    exit: code => io.exit(code),
    get stdout() {
      stdout ??= guarded(io.stdout)
      return stdout
    },
    get stderr() {
      stderr ??= guarded(io.stderr)
      return stderr
    },
    get stdin() {
      return io.stdin
    },
    get cwd() {
      return io.cwd
    },
  }
}

/** Where dynamox's own commands are written. */
export const commandsTo = (output: Output): Output => output.raw ?? output

/**
 * Names of tables and texts of files must not become commands such as `::add-mask::`. The runner looks for `::` at the
 * start of a line, after blanks, and for its older form `##[` anywhere.
 */
export function neutralise(text: string): string {
  return text.replace(/^([\s\u0085]*):(?=:)/gm, '$1\\u003a').replaceAll('##[', '\\u0023#[')
}

function guarded(raw: Output): Output {
  return new Proxy(raw, {
    get(target, key) {
      if (key === 'raw') return target
      if (key === 'write') return (text: string) => target.write(neutralise(text))
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** As GitHub's own toolkit escapes the text of a command. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
