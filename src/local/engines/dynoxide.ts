import { join } from 'node:path'
import { packagedProgram } from './packaged-program.ts'

/** dynoxide, one binary over SQLite. */
export const dynoxide = packagedProgram({
  name: 'dynoxide',
  label: 'dynoxide',
  args: (port, folder) => [
    ...['serve', '--port', String(port)],
    ...(folder === undefined ? [] : ['--db-path', join(folder, 'dynoxide.sqlite')]),
  ],
})
