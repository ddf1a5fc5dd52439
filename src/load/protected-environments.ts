import { effectiveSettings } from './effective-settings.ts'
import type { LoadedConfig } from './load-config.ts'
import type { ProtectedEnvironment } from './load-options.ts'

/**
 * @param baseNames the names, before prefix and suffix, of the tables that models define
 */
export function protectedEnvironments(
  config: LoadedConfig | undefined,
  cwd: string,
  baseNames: readonly string[],
): readonly ProtectedEnvironment[] {
  return Object.entries(config?.value.environments ?? {}).flatMap(([name, environment]) => {
    if (environment.protected !== true) return []
    const { target, prefix, suffix, tables } = effectiveSettings({ env: name }, cwd, config)
    const names = new Set([...baseNames, ...tables.flatMap(({ table }) => (typeof table === 'string' ? [table] : []))])
    return [{ name, target, prefix, suffix, tables: [...names].map(each => `${prefix}${each}${suffix}`) }]
  })
}

/** Whether a table, by its resolved name, is one of the environment's: its prefix and suffix mark tables that no model names. */
export function isTableOf({ tables, prefix, suffix }: ProtectedEnvironment, name: string): boolean {
  const hasAffix = prefix !== '' || suffix !== ''
  return tables.includes(name) || (hasAffix && name.startsWith(prefix) && name.endsWith(suffix))
}
