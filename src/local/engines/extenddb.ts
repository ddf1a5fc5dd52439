import type { LocalEngine } from './engine.ts'
import { findInPackage, findOnPath } from './find-file.ts'
import { serveOnStore } from './program-store.ts'

/** ExtendDB, one binary, which keeps `extenddb.sqlite` in its working directory. */
export const extenddb: LocalEngine = {
  name: 'extenddb',
  find: async ({ root, env }) => {
    const platform = `${process.platform}-${process.arch}`
    const file = process.platform === 'win32' ? 'extenddb.exe' : 'extenddb'
    const command = findInPackage(root, `@extenddb/${platform}`, file) ?? findOnPath('extenddb', env)
    if (command === undefined) {
      return {
        usable: false,
        why: `neither @extenddb/${platform} is installed nor extenddb on the path`,
        hint: `npm install --save-dev @extenddb/${platform}`,
      }
    }
    const args = (port: number) => ['serve', '--foreground', '--port', String(port)]
    const program = { label: 'ExtendDB', command, args }
    return { usable: true, found: command, start: options => serveOnStore('extenddb', options, () => program) }
  },
}
