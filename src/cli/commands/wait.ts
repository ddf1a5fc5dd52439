import type { Command } from '../command.ts'
import { withConnection } from '../connect.ts'
import { selectNames } from '../load.ts'
import { patientTimeout } from '../options/options.ts'
import { startWork } from '../plan-tables.ts'
import { workOn } from '../work-on.ts'

export const wait: Command = {
  name: 'wait',
  summary: 'wait until tables are ready, or gone with --for gone',
  takes: 'tables',
  reads: 'names',
  contacts: true,
  waits: true,
  options: ['for'],
  meanings: { timeout: patientTimeout },
  examples: [['dynamox wait users --timeout 2m', 'exit 4 if it takes longer']],

  /** Waits until tables are ready, with every index and setting, or gone. */
  async run(invocation) {
    const { loaded, names } = await selectNames(invocation)
    const { waitFor } = await import('../../apply/wait.ts')
    const goal = invocation.flags.for ?? 'active'
    const definitions = new Map(loaded.tables.map(({ definition }) => [definition.name, definition]))
    return withConnection(invocation, loaded, async session => {
      const { waiter, signal, timeoutMs } = await startWork(session)
      return workOn(session, {
        verb: 'Waiting for',
        counted: goal === 'gone' ? 'gone' : 'ready',
        tables: names.map(name => ({
          name,
          run: onEvent => {
            const definition = definitions.get(name)
            return waitFor(name, goal, session.connection.api, { waiter, signal, onEvent, definition, timeoutMs })
          },
        })),
      })
    })
  },

  async calls(run) {
    const { callsOfNamed } = await import('../print-policy.ts')
    return callsOfNamed(run)
  },
}
