import { createRequire } from 'node:module'

type OwnRequire = ((id: string) => unknown) & { keepCode?(): void }

/**
 * The worker is built as CommonJS, whose `require` may read from the code cache, and keeps what was compiled when told
 * to. Its sources, in tests, have none.
 */
export const ownRequire: OwnRequire = typeof require === 'undefined' ? createRequire(import.meta.url) : require
