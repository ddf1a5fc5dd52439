import type { CommandName } from './command-specs.ts'
import type { Command } from './run.ts'

const loaders: Readonly<Record<CommandName, () => Promise<Command>>> = {
  create: async () => (await import('./commands/create.ts')).create,
  exists: async () => (await import('./commands/exists.ts')).exists,
  delete: async () => (await import('./commands/delete.ts')).deleteTables,
  wait: async () => (await import('./commands/wait.ts')).wait,
  plan: async () => (await import('./commands/plan.ts')).plan,
  update: async () => (await import('./commands/update.ts')).update,
  show: async () => (await import('./commands/show.ts')).show,
  list: async () => (await import('./commands/list.ts')).list,
  local: async () => (await import('./commands/local.ts')).local,
  init: async () => (await import('./commands/init.ts')).init,
}

/** The code of one command, read only when it runs. */
export function loadCommand(name: CommandName): Promise<Command> {
  return loaders[name]()
}
