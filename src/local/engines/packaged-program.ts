import type { EngineFinding, EnginePlaces, LocalEngine } from './engine.ts'
import { findInPackage, findOnPath } from './find-file.ts'
import { serveOnStore } from './program-store.ts'

/** An engine that is one program, in an npm package for each platform or on the path. */
export interface PackagedProgram {
  readonly name: 'dynoxide' | 'extenddb'
  readonly label: string
  /** Its arguments; `folder` is where it keeps its data (and its working directory), absent when nothing is kept. */
  args(port: number, folder: string | undefined): readonly string[]
}

/** The engine of such a program: `@<name>/<platform>` of the project, else `<name>` on the path. */
export function packagedProgram({ name, label, args }: PackagedProgram): LocalEngine {
  const packageName = `@${name}/${process.platform}-${process.arch}`
  const file = process.platform === 'win32' ? `${name}.exe` : name
  const find = async ({ root, env }: EnginePlaces): Promise<EngineFinding> => {
    const command = findInPackage(root, packageName, file) ?? findOnPath(name, env)
    if (command === undefined) {
      return {
        usable: false,
        why: `neither ${packageName} is installed nor ${name} on the path`,
        hint: `npm install --save-dev ${packageName}`,
      }
    }
    const programOn = (folder: string, inMemory: boolean) => ({
      label,
      command,
      args: (port: number) => args(port, inMemory ? undefined : folder),
    })
    return { usable: true, found: command, start: options => serveOnStore(name, options, programOn) }
  }
  return { name, find }
}
