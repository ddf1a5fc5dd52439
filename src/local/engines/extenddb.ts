import { packagedProgram } from './packaged-program.ts'

/** ExtendDB, one binary, which keeps `extenddb.sqlite` in its working directory. */
export const extenddb = packagedProgram({
  name: 'extenddb',
  label: 'ExtendDB',
  args: port => ['serve', '--foreground', '--port', String(port)],
})
