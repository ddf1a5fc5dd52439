import { serveEmbedded } from '../serve-embedded.ts'
import type { LocalEngine } from './engine.ts'

/** dynalite comes with dynamox and runs in a thread of this process. */
export const dynalite: LocalEngine = {
  name: 'dynalite',
  find: async () => ({ usable: true, found: 'in the box', start: serveEmbedded }),
}
