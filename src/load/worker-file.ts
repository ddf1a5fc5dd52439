// Paths of the built package's files, relative to the CLI (`dist/cli/*.cjs`) and the library (`dist/lib/*.js`).
const here = import.meta.url

/** The entry file of the loader's worker; the library and the CLI share it. */
export function workerFile(): URL {
  return new URL('../../bin/load-worker.js', here)
}

/** The file that model files get for `import ... from 'dynamox'`, when their project has no dynamox of its own. */
export function libraryEntry(): URL {
  return new URL('../lib/index.cjs', here)
}

/** The root of the running copy's package. */
export function ownRoot(): URL {
  return new URL('../../', here)
}
