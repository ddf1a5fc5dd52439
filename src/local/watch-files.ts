import { watch } from 'node:fs'
import { dirname, join } from 'node:path'

// Editors write a file in several steps within milliseconds.
const settleMs = 80
const source = /\.([cm]?[jt]s|json|ya?ml)$|dynamoxrc/i

/**
 * Calls `changed` with the paths of the source files in the folders of `files` that have changed; returns a function
 * that stops watching.
 */
export function watchFiles(files: readonly string[], changed: (paths: readonly string[]) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let paths = new Set<string>()
  const soon = (path: string) => {
    clearTimeout(timer)
    paths.add(path)
    timer = setTimeout(() => {
      changed([...paths])
      paths = new Set()
    }, settleMs)
  }
  const watchers = [...new Set(files.map(file => dirname(file)))].flatMap(folder => {
    try {
      const watcher = watch(folder, (_kind, name) => {
        if (name === null || source.test(name)) soon(join(folder, name ?? ''))
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
