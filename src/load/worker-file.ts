import { bundleFolder, workerFromSource } from './worker-from-source.ts'

const here = import.meta.url

// Three forms: the TypeScript sources (tests), the library (`dist/lib/*.js`), the CLI's bundle (`dist/cli/*.cjs`).
const form = here.endsWith('.ts') ? 'source' : here.endsWith('.cjs') ? 'cli' : 'library'

/** Where the loader's worker starts. */
export function workerFile(): { readonly url: URL; readonly execArgv?: string[] } {
  if (form === 'cli') return { url: new URL('./load-worker.cjs', here) }
  if (form === 'library') return { url: new URL('./load-worker.js', here) }
  const code = workerFromSource(new URL('./worker.ts', here))
  return { url: new URL(`data:text/javascript,${encodeURIComponent(code)}`), execArgv: [] }
}

/** The file that stands for `dynamox` in the imports of model files, when their project has no dynamox of its own. */
export function libraryEntry(): URL {
  if (form === 'cli') return new URL('../lib/index.js', here)
  return form === 'library' ? new URL('./index.js', here) : new URL(`${bundleFolder}library.mjs`, here)
}

/** The root of the running copy's package. */
export function ownRoot(): URL {
  return new URL('../../', here)
}
