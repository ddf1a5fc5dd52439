import type { Result } from '../report/report.ts'
import type { Run } from '../run.ts'
import { selectNames } from '../select-names.ts'
import { timeoutOf } from '../settings.ts'
import { withConnection } from '../with-connection.ts'
import { workOn } from '../work-on.ts'

/** Waits until tables are ready (every index and setting included), or gone. */
export async function wait(run: Run): Promise<Result> {
  const { flags, signal } = run
  const { loaded, names } = await selectNames(run)
  const { runWait } = await import('../../apply/run-wait.ts')
  const { createWaiter } = await import('../../apply/waiter.ts')
  const { systemClock } = await import('../../apply/clock.ts')
  const goal = flags.for ?? 'active'
  const definitions = new Map(loaded.tables.map(({ definition }) => [definition.name, definition]))

  return withConnection(run, loaded, async connection => {
    const waiter = createWaiter(connection.api, systemClock)
    const timeoutMs = timeoutOf(run, loaded)
    return workOn(run, loaded, connection, {
      verb: 'Waiting for',
      counted: goal === 'gone' ? 'gone' : 'ready',
      tables: names.map(name => ({
        name,
        run: onEvent => {
          const definition = definitions.get(name)
          return runWait(name, goal, connection.api, { waiter, signal, onEvent, definition, timeoutMs })
        },
      })),
    })
  })
}
