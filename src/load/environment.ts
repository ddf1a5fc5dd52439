import { userInfo } from 'node:os'

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>

/** The variables of this process. */
export function processVariables(): Variables {
  return process.env
}

/**
 * The ids of the user who runs this process, including the user behind sudo; empty on Windows, where files have no
 * owner ids.
 */
export function userIds(variables: Variables): readonly number[] {
  const { uid } = userInfo()
  if (uid < 0) return []
  const behindSudo = uid === 0 ? Number(variables.SUDO_UID ?? Number.NaN) : Number.NaN
  return Number.isInteger(behindSudo) ? [uid, behindSudo] : [uid]
}
