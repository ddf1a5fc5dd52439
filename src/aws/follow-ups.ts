import type { TableDescription } from '@aws-sdk/client-dynamodb'
import { TransientError } from '../apply/ports.ts'
import { isDynamoxError } from '../errors.ts'
import { settings } from '../settings/catalogue.ts'
import type { Ask, FollowUp, Found } from '../settings/setting.ts'
import type { FollowUpField } from '../table/live.ts'
import type { FollowUps } from './describe.ts'
import type { Call, Operation } from './operations.ts'
import type { Session } from './session.ts'

/**
 * Reads the settings that DescribeTable does not report, side by side. A setting that the target does not keep is not asked
 * for, also when a call turns out to be unknown; a missing permission becomes a warning and never a failure.
 */
export async function readFollowUps(
  session: Session,
  table: TableDescription,
  fields: readonly FollowUpField[],
  signal: AbortSignal | undefined,
): Promise<FollowUps> {
  const { ignores } = session.capabilities()
  const asked = settings
    .flatMap(({ followUp }) => followUp ?? [])
    .filter(({ field }) => fields.includes(field) && !ignores.includes(field))
  const answers = await Promise.all(
    asked.map(async followUp => ({
      followUp,
      found: await followUp.read(asker(session, followUp, table, signal), table),
    })),
  )
  return {
    settings: Object.assign({}, ...answers.map(({ found }) => found?.settings)),
    indexes: merged(answers.map(({ found }) => found)),
    read: answers.filter(({ found }) => found?.settings !== undefined).map(({ followUp }) => followUp.field),
    settling: answers
      .filter(({ found }) => found?.settling === true || found?.unknownStatus !== undefined)
      .map(({ followUp }) => followUp.field),
    warnings: answers.flatMap(({ followUp, found }) => [
      ...(found?.warnings ?? []),
      ...(found?.unknownStatus === undefined
        ? []
        : [notRead(table, followUp, `its status ${found.unknownStatus} is not known to this version of dynamox`)]),
    ]),
  }
}

function merged(answers: readonly Found[]): FollowUps['indexes'] {
  const indexes: Record<string, FollowUps['indexes'][string]> = {}
  for (const [name, values] of answers.flatMap(found => Object.entries(found?.indexes ?? {}))) {
    indexes[name] = { ...indexes[name], ...values }
  }
  return indexes
}

/** The function by which a setting makes its calls. */
function asker(session: Session, followUp: FollowUp, table: TableDescription, signal: AbortSignal | undefined): Ask {
  return async (operation, input, found, absent) => {
    const call = { operation, input, table: table.TableName, signal } as Call<Operation>
    try {
      const { output, refusal } = await session.attempt(call)
      if (output !== undefined) return found(output as Parameters<typeof found>[0])
      if (refusal?.kind === 'throttled' || refusal?.kind === 'unavailable') throw new TransientError(refusal)
      if (refusal === undefined || refusal.kind === 'in-use') return undefined
      if (refusal.kind === 'not-found') return absent
      if (refusal.kind === 'unsupported') {
        // The plan says that the setting is not kept; it is not asked for again.
        session.lacks(followUp.field)
        return undefined
      }
      return { warnings: [notRead(table, followUp, refusal.message)] }
    } catch (error) {
      if (!isDynamoxError(error) || error.code !== 'access-denied') throw error
      return { warnings: [notRead(table, followUp, error.message)] }
    }
  }
}

const notRead = ({ TableName: name = '' }: TableDescription, { title }: FollowUp, reason: string) =>
  `${name}: ${title} could not be read: ${reason}`
