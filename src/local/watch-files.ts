import { watch } from 'node:fs'
import { dirname } from 'node:path'

// Editors write a file in several steps within milliseconds.
const settleMs = 80
const source = /\.([cm]?[jt]s|json|ya?ml)$|dynamoxrc/i

/**
 * Calls `changed` when a source file in one of the folders of `files` has changed; returns a function that stops
 * watching.
 */
export function watchFiles(files: readonly string[], changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(changed, settleMs)
  }
  const watchers = [...new Set(files.map(file => dirname(file)))].flatMap(folder => {
    try {
      const watcher = watch(folder, (_kind, name) => {
        if (name === null || source.test(name)) soon()
      })
      return watcher.on('error', () => watcher.close())
    } catch {
      return []
    }
  })
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}
