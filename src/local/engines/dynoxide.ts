import { join } from 'node:path'
import type { LocalEngine } from './engine.ts'
import { findInPackage, findOnPath } from './find-file.ts'
import { serveOnStore } from './program-store.ts'

/** dynoxide, one binary over SQLite. */
export const dynoxide: LocalEngine = {
  name: 'dynoxide',
  find: async ({ root, env }) => {
    const platform = `${process.platform}-${process.arch}`
    const file = process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide'
    const command = findInPackage(root, `@dynoxide/${platform}`, file) ?? findOnPath('dynoxide', env)
    if (command === undefined) {
      return {
        usable: false,
        why: `neither @dynoxide/${platform} is installed nor dynoxide on the path`,
        hint: `npm install --save-dev @dynoxide/${platform}`,
      }
    }
    const programOn = (folder: string, inMemory: boolean) => ({
      label: 'dynoxide',
      command,
      args: (port: number) => [
        'serve',
        '--port',
        String(port),
        ...(inMemory ? [] : ['--db-path', join(folder, 'dynoxide.sqlite')]),
      ],
    })
    return { usable: true, found: command, start: options => serveOnStore('dynoxide', options, programOn) }
  },
}
