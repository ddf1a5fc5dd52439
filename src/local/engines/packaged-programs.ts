import { join } from 'node:path'
import { findInPackage } from '../../table/project-files.ts'
import { engineEnvironment } from '../environment.ts'
import { serveOnStore } from '../serve-program.ts'
import type { EngineFinding, EnginePlaces, LocalEngine } from './engine.ts'
import { findOnPath } from './find-file.ts'

/** An engine that is one program, in an npm package for each platform or on the path. */
interface PackagedProgram {
  readonly name: 'dynoxide' | 'extenddb'
  readonly label: string
  /** Its arguments; `folder` is where it keeps its data (and its working directory), absent when nothing is kept. */
  args(port: number, folder: string | undefined): readonly string[]
}

/** dynoxide, one binary over SQLite. */
export const dynoxide = packagedProgram({
  name: 'dynoxide',
  label: 'dynoxide',
  args: (port, folder) => [
    ...['serve', '--port', String(port)],
    ...(folder === undefined ? [] : ['--db-path', join(folder, 'dynoxide.sqlite')]),
  ],
})

/** ExtendDB, one binary, which keeps `extenddb.sqlite` in its working directory. */
export const extenddb = packagedProgram({
  name: 'extenddb',
  label: 'ExtendDB',
  args: port => ['serve', '--foreground', '--port', String(port)],
})

/** The engine of such a program: `@<name>/<platform>` of the project, else `<name>` on the path. */
function packagedProgram({ name, label, args }: PackagedProgram): LocalEngine {
  const packageName = `@${name}/${process.platform}-${process.arch}`
  const file = process.platform === 'win32' ? `${name}.exe` : name
  const find = async ({ root, env }: EnginePlaces): Promise<EngineFinding> => {
    const command = findInPackage(root, packageName, file) ?? findOnPath(name, env)
    if (command === undefined) {
      return {
        usable: false,
        why: `${packageName} is not installed, and ${name} is not on the path`,
        hint: `npm install --save-dev ${packageName}`,
      }
    }
    const programOn = (folder: string, inMemory: boolean) => ({
      label,
      command,
      env: engineEnvironment(env),
      args: (port: number) => args(port, inMemory ? undefined : folder),
    })
    return { usable: true, found: command, start: options => serveOnStore(name, options, programOn) }
  }
  return { name, find }
}
