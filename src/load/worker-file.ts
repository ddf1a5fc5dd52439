// Where this package's files are once it is built: seen from the CLI (`dist/cli/*.cjs`) and the library (`dist/lib/*.js`).
const here = import.meta.url

/** Where the loader's worker starts; the library and the CLI share it. */
export function workerFile(): URL {
  return new URL('../../bin/load-worker.js', here)
}

/** The file that stands for `dynamox` in the imports of model files, when their project has no dynamox of its own. */
export function libraryEntry(): URL {
  return new URL('../lib/index.cjs', here)
}

/** The root of the running copy's package. */
export function ownRoot(): URL {
  return new URL('../../', here)
}
