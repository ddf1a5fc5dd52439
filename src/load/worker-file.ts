import { bundleFolder, workerFromSource } from './worker-from-source.ts'

const here = import.meta.url

// The TypeScript sources (tests), or what is built: the library (`dist/lib/*.js`) and the CLI (`dist/cli/*.cjs`).
const isSource = here.endsWith('.ts')

/** Where the loader's worker starts; the library and the CLI share it. */
export function workerFile(): { readonly url: URL; readonly execArgv?: string[] } {
  if (!isSource) return { url: new URL('../../bin/load-worker.js', here) }
  const code = workerFromSource(new URL('./worker.ts', here))
  return { url: new URL(`data:text/javascript,${encodeURIComponent(code)}`), execArgv: [] }
}

/** The file that stands for `dynamox` in the imports of model files, when their project has no dynamox of its own. */
export function libraryEntry(): URL {
  return new URL(isSource ? `${bundleFolder}library.cjs` : '../cli/library.cjs', here)
}

/** The root of the running copy's package. */
export function ownRoot(): URL {
  return new URL('../../', here)
}
