// Every command, as data: parsing, help, "did you mean" and the README's table come from this page.

export type CommandName =
  | 'create'
  | 'exists'
  | 'delete'
  | 'wait'
  | 'plan'
  | 'update'
  | 'show'
  | 'list'
  | 'local'
  | 'init'

export interface CommandSpec {
  /** How it is typed, after the program's name. */
  readonly usage: string
  readonly summary: string
  /** What exit code 1 means; absent where it cannot happen. */
  readonly no?: string | undefined
  /** Lines of shell, each with what it does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[]
  /** Whether table names may follow. */
  readonly names: boolean
  /** Whether another program's command line may follow, after `--`. */
  readonly runs?: boolean | undefined
}

export const commands: Readonly<Record<CommandName, CommandSpec>> = {
  create: {
    usage: 'create [tables...] [options]',
    summary: 'create the tables that are missing and wait until each is ready',
    no: 'an existing table differs from its definition (or any exists, with --strict)',
    names: true,
    examples: [
      ['dynamox create --local --model src/models/user.ts', 'on the embedded engine'],
      ['dynamox create users --partition-key pk:S --sort-key at:N', 'from flags alone'],
    ],
  },
  exists: {
    usage: 'exists [tables...] [options]',
    summary: 'say which tables exist',
    no: 'at least one does not',
    names: true,
    examples: [['dynamox exists users orders --region eu-west-1', 'exit 0 when both are there']],
  },
  delete: {
    usage: 'delete [tables...] [options]',
    summary: 'delete tables and wait until they are gone; asks first',
    names: true,
    examples: [
      ['dynamox delete users', 'asks, deletes, waits'],
      ['dynamox delete --all --yes --local', 'all that config and models define'],
    ],
  },
  wait: {
    usage: 'wait [tables...] [options]',
    summary: 'wait until tables are ready, or gone with --for gone',
    names: true,
    examples: [['dynamox wait users --timeout 2m', 'exit 4 when it takes longer']],
  },
  plan: {
    usage: 'plan [tables...] [options]',
    summary: 'show what update would do, step by step; changes nothing',
    no: 'with --check: there is something to do',
    names: true,
    examples: [
      ['dynamox plan --check', 'for CI: exit 1 when tables have drifted'],
      ['dynamox plan --out plan.json', 'for dynamox update --plan plan.json, after a review'],
    ],
  },
  update: {
    usage: 'update [tables...] [options]',
    summary: 'create what is missing and bring live tables to their definitions',
    names: true,
    examples: [['dynamox update users --dry-run', 'the plan, and nothing sent']],
  },
  show: {
    usage: 'show [tables...] [options]',
    summary: 'print the definitions as resolved; contacts nothing',
    names: true,
    examples: [['dynamox show --model src/models/user.ts --json', 'with the CreateTable request']],
  },
  list: {
    usage: 'list [options]',
    summary: 'list the tables at the target, with status, keys and indexes',
    names: false,
    examples: [['dynamox list --endpoint http://localhost:8000', 'what DynamoDB Local holds']],
  },
  local: {
    usage: 'local [options] [-- command...]',
    summary: "serve a local DynamoDB with the project's tables; with a command: run it against that",
    names: false,
    runs: true,
    examples: [
      ['dynamox local', 'on port 8000, until Ctrl-C'],
      ['dynamox local --in-memory -- npx vitest run', "exits with the command's code"],
      ['dynamox local --engines', 'which engines can be used here'],
    ],
  },
  init: {
    usage: 'init [options]',
    summary: 'write a commented config file for this project',
    names: false,
    examples: [['dynamox init', 'writes .dynamoxrc, never over one that is there']],
  },
}

export const commandNames = Object.keys(commands) as readonly CommandName[]
