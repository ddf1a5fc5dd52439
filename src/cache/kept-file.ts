import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

// A file that was damaged must be found out, since code is run from it. Each is written twice over: two halves are
// compared in no time, where even loading a digest of Node's would take longer than all that the cache saves.

/** What `keep` wrote, as it was written; `undefined` when it is not there or was damaged. */
export function readKept(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file)
    const half = bytes.subarray(0, bytes.length / 2)
    return bytes.length > 0 && half.equals(bytes.subarray(half.length)) ? half : undefined
  } catch {
    return undefined
  }
}

/** Writes a file that `readKept` reads. Others may be writing the same one: it appears as a whole, or not at all. */
export function keep(file: string, data: Buffer): boolean {
  const draft = `${file}.${process.pid}.${process.hrtime.bigint()}`
  try {
    writeFileSync(draft, Buffer.concat([data, data]), { mode: 0o600, flag: 'wx' })
    renameSync(draft, file)
    return true
  } catch {
    remove(draft)
    return false
  }
}

/** In a folder that may not be entered even this fails. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {}
}
