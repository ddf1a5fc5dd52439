import type { Command, Io } from '../command.ts'
import type { Flags } from '../options/options.ts'
import { createJsonReport } from './json-report.ts'
import { createPlainReport } from './plain-report.ts'
import type { Report, ReporterName, ReportSettings } from './report.ts'
import type { Looks } from './terminal-report.ts'

export interface ReportChoice extends ReportSettings {
  /** `text` when absent, with annotations within GitHub Actions. */
  readonly reporter?: ReporterName | undefined
  /** `false` for `--no-color`. */
  readonly color: boolean
}

/** The settings of a command's report, as its flags say. */
export function reportChoice({ name }: Pick<Command, 'name'>, flags: Flags): ReportChoice {
  const { reporter, quiet = false, verbose = false, color = true } = flags
  return { command: name, reporter, quiet, verbose, color }
}

type Reporter = (io: Io, choice: ReportChoice) => Report | Promise<Report>

/** Every reporter, by its name on the command line. */
const reporters: Record<ReporterName, Reporter> = {
  text: createTextReport,
  json: createJsonReport,
  github: async (io, choice) => (await import('./github-report.ts')).createGithubReport(io, choice),
  markdown: async (io, choice) => (await import('./markdown-report.ts')).createMarkdownReport(io, choice),
}

/** The chosen reporter; without a choice text, to which GitHub Actions adds annotations. */
export async function chooseReport(io: Io, choice: ReportChoice): Promise<Report> {
  const report = await reporters[choice.reporter ?? 'text'](io, choice)
  if (choice.reporter !== undefined || !isOn(io.env.GITHUB_ACTIONS)) return report
  return (await import('./github-report.ts')).withAnnotations(report, io, choice)
}

/** Colour and spinners on a terminal, plain lines otherwise. */
async function createTextReport(io: Io, choice: ReportChoice): Promise<Report> {
  const looks = chooseLooks(io, choice.color)
  const terminal = looks.spinner || looks.colour.stdout || looks.colour.stderr || io.stdout.isTTY === true
  if (!terminal) return createPlainReport(io, choice)
  const { createTerminalReport } = await import('./terminal-report.ts')
  return createTerminalReport(io, choice, looks)
}

/**
 * `--no-color` overrides FORCE_COLOR, which overrides NO_COLOR, a dumb terminal and CI. Otherwise only terminals get
 * colour.
 */
export function chooseLooks({ stdout, stderr, env }: Pick<Io, 'stdout' | 'stderr' | 'env'>, color: boolean): Looks {
  const dumb = env.TERM === 'dumb'
  const ci = isOn(env.CI)
  const forced = env.FORCE_COLOR === undefined ? undefined : env.FORCE_COLOR === '' || isOn(env.FORCE_COLOR)
  const wanted = color && (forced ?? !((env.NO_COLOR ?? '') !== '' || dumb || ci))
  const colours = (isTerminal: boolean | undefined) => wanted && (forced === true || isTerminal === true)
  return {
    colour: { stdout: colours(stdout.isTTY), stderr: colours(stderr.isTTY) },
    // No spinner on a terminal without a width (`script` without a terminal of its own): ora would loop endlessly.
    spinner: stderr.isTTY === true && !dumb && !ci && stderr.columns !== 0,
  }
}

/** Whether a variable of the environment says yes. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value)
}
