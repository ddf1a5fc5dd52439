import { basename, dirname, join, relative, resolve } from 'node:path'
import { DynamoxError, fileReason } from '../../errors.ts'
import type { Command, Invocation } from '../command.ts'
import { createFile } from '../replace-file.ts'

export const init: Command = {
  name: 'init',
  summary: 'find what defines tables here and write a commented config; asks on a terminal',
  takes: 'nothing',
  options: ['out', 'yes'],
  meanings: { out: 'write this config, or into this folder', yes: 'do not ask' },
  otherWords: ['setup', 'config', 'configure', 'install'],
  insteadOfNames: () => 'dynamox init works in the current folder; --out names the config',
  examples: [
    ['dynamox init', 'proposes .dynamoxrc and asks; never overwrites a config'],
    ['dynamox init --out dynamox.config.ts --yes', 'the same in TypeScript, without a question'],
  ],

  /** Proposes a commented config from what the folder holds and writes it, never over an existing one. */
  async run(invocation) {
    const { io, flags } = invocation
    const path = await pathOf(invocation)
    const folder = dirname(path)
    const { configsIn } = await import('../../load/find-config.ts')
    const [taken] = configsIn(folder)
    const { shownPath } = await import('../../load/shown-path.ts')
    if (taken !== undefined) throw alreadyThere(shownPath(taken, io.cwd))
    const { configLines, configOf, configText, proposeConfig } = await import('../propose-config.ts')
    const proposal = await proposeConfig(folder)
    const name = shownPath(path, io.cwd)
    await showProposal(invocation, name, proposal.reasons, await configLines(proposal))
    if (flags.yes !== true && flags.json !== true && io.stdin.isTTY === true && io.stderr.isTTY === true) {
      const { consent } = await import('../consent.ts')
      await consent(invocation, { action: `write ${name}` })
    }
    const text = await configText(proposal, path, await findSchema(folder))
    try {
      // Another process may have written one in the meantime.
      createFile(path, text, io.cwd)
    } catch (cause) {
      throw cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
        ? alreadyThere(name)
        : notWritten(name, cause)
    }
    const found = proposal.found.map(({ shown, what }) => ({ file: shown, what }))
    return { exit: 0, extra: { path, found, config: configOf(proposal) }, lines: () => [`wrote ${name}`] }
  },
}

/** The file to write: `.dynamoxrc` unless --out names another, or its folder. */
async function pathOf({ io, flags: { out = '.' } }: Invocation): Promise<string> {
  const { configFiles, isFolder } = await import('../../table/project-files.ts')
  const given = resolve(io.cwd, out)
  if (out === '.' || isFolder(given)) return join(given, '.dynamoxrc')
  if (configFiles.includes(basename(given))) return given
  if (/[\\/]$/.test(out)) throw new DynamoxError('usage', `the folder ${out} does not exist`)
  throw new DynamoxError('usage', `${basename(given)} is not a valid name for a config`, {
    hint: 'use .dynamoxrc (YAML), or dynamox.config with the ending .ts, .js, .yml or .json',
  })
}

/** Shows the findings, and the settings that follow from them. */
async function showProposal(
  { report }: Invocation,
  name: string,
  reasons: readonly (readonly string[])[],
  lines: readonly string[],
): Promise<void> {
  const { align } = await import('../report/lines.ts')
  if (reasons.length > 0) report.note('found')
  for (const line of align(reasons.map(([what = '', why = '']) => [`  ${what}`, why]))) report.note(line)
  if (lines.length > 0) report.note(`${name}, with the other settings as comments`)
  for (const line of lines) report.note(`  ${line}`)
}

function alreadyThere(name: string): DynamoxError {
  const shown = basename(name) === 'package.json' ? `${name} ("dynamox")` : name
  return new DynamoxError('config', `a config already exists here: ${shown}`, {
    hint: 'edit it, or remove it first; nothing was written',
  })
}

function notWritten(path: string, cause: unknown): DynamoxError {
  return new DynamoxError('config', `${path} cannot be written: ${fileReason(cause)}`, {
    hint: 'choose a folder that exists and that you may write to',
    cause,
  })
}

/** The reference to the JSON Schema of the dynamox installed in this project. */
async function findSchema(folder: string): Promise<string | undefined> {
  const { findInPackage } = await import('../../table/project-files.ts')
  const path = findInPackage(folder, 'dynamox', 'dist/config.schema.json')
  if (path === undefined) return undefined
  const below = relative(folder, path).replaceAll('\\', '/')
  return below.startsWith('.') ? below : `./${below}`
}
