import type { Loaded } from '../load/load-options.ts'
import type { Result } from './report/report.ts'
import type { Connection, Run } from './run.ts'

/** Connects, does the work, and closes whatever became of it. */
export async function withConnection(
  run: Run,
  loaded: Loaded,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await run.connect(run, loaded)
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}
