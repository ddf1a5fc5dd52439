import { plural } from './format.ts'

/** Says every warning once. While several tables are worked on it is held until the end, to name all that it is about. */
export function collectWarnings(print: (warning: string) => void) {
  const said = new Set<string>()
  const held = new Map<string, Set<string>>()
  let holds = false
  const say = (message: string, tables: readonly string[]) => {
    said.add(message)
    print(aboutTables(message, tables))
  }
  return {
    begin(names: readonly string[]) {
      holds = names.length > 1
    },
    warn(message: string, table?: string) {
      if (said.has(message) || (table === undefined && held.has(message))) return
      if (table === undefined) return say(message, [])
      if (!holds) return say(message, [table])
      held.set(message, (held.get(message) ?? new Set()).add(table))
    },
    finish() {
      holds = false
      for (const [message, tables] of held) say(message, [...tables])
      held.clear()
    },
  }
}

/** `users, orders: ttl: ...`; a message that names its table itself stays as it is. */
function aboutTables(message: string, tables: readonly string[]): string {
  const [first] = tables
  if (first === undefined || (tables.length === 1 && message.includes(first))) return message
  const shown = tables.length < 5 ? tables : [...tables.slice(0, 3), `${plural(tables.length - 3, 'more table')}`]
  return `${shown.join(', ')}: ${message}`
}
