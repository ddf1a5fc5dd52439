import { DynamoxError } from '../../errors.ts'
import { suggestion } from '../../table/did-you-mean.ts'
import type { Command } from '../command.ts'

const shells: readonly string[] = ['bash', 'zsh', 'fish', 'powershell']

export const completion: Command = {
  name: 'completion',
  summary: 'print a completion script for bash, zsh, fish or PowerShell',
  takes: { usage: '<shell>', what: 'shell', example: 'zsh', values: () => shells },
  otherWords: ['completions', 'autocomplete', 'complete'],
  examples: [
    ['dynamox completion fish | source', 'in ~/.config/fish/config.fish'],
    ['source <(dynamox completion bash)', 'in ~/.bashrc; for zsh, in ~/.zshrc: source <(dynamox completion zsh)'],
    ['dynamox completion powershell | Out-String | Invoke-Expression', 'in $PROFILE'],
  ],

  /** Prints the script, which calls `dynamox complete -- <words>` for every completion. */
  async run({ names: [shell = ''], flags }) {
    if (!shells.includes(shell)) {
      throw new DynamoxError('usage', `${JSON.stringify(shell)} is not a supported shell${suggestion(shell, shells)}`, {
        hint: `the shells are ${shells.join(', ')}`,
      })
    }
    if (flags.json === true)
      throw new DynamoxError('usage', '--json cannot be combined with completion, which prints a script')
    if (shell === 'bash') return { exit: 0, lines: () => bash.trimEnd().split('\n') }
    const { script } = await import('@bomb.sh/tab')
    script(shell, 'dynamox', 'dynamox')
    return { exit: 0 }
  },
}

// The library's own script for bash needs the package bash-completion, and fails when it is loaded twice.
const bash = `# bash completion for dynamox
_dynamox() {
  local out line
  COMPREPLY=()
  out=$(dynamox complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || return
  while IFS= read -r line; do
    [[ -z $line || $line == :* ]] || COMPREPLY+=("\${line%%$'\\t'*}")
  done <<< "$out"
  [[ $out == *:4 ]] && compopt +o default 2>/dev/null
  return 0
}
complete -o default -F _dynamox dynamox
`
