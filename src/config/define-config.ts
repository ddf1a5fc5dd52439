import type { Config } from './config.ts'

/**
 * Returns its argument, and exists for type checking: `export default defineConfig({ models: 'src/models/*.ts' })` in
 * `dynamox.config.ts`. The value is checked when the file is loaded, not here.
 */
export function defineConfig(config: Config): Config {
  return config
}
