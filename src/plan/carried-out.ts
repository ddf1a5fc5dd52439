import { settings } from '../settings/catalogue.ts'
import { changedIndex, isOff } from '../settings/change.ts'
import { isSameValue } from '../settings/compare.ts'
import { regionalLive } from '../settings/replica-settings.ts'
import type { Setting } from '../settings/setting.ts'
import { ownerOf, type Step, type TableRequest, updatesIn } from '../settings/step.ts'
import type { FollowUpField, LiveTable } from '../table/live.ts'
import { memberOf } from '../table/untyped.ts'
import { hasReplacement, presentIndexes } from './diff-indexes.ts'

/**
 * Whether the live table shows that a request was carried out. Needed when an answer was lost, when another process was
 * faster, and when a description may be older than the request. Values that the target does not report count as carried
 * out.
 */
export function isCarriedOut(request: TableRequest, live: LiveTable | undefined): boolean {
  if (request.api === 'DeleteTable') return live === undefined || live.status === 'DELETING'
  if (live === undefined) return false
  if (request.api === 'CreateTable') return true
  if (fieldsToJudge(request).some(field => !live.read.includes(field))) return true
  const { region, ...inRegion } = request
  if (region !== undefined) return isCarriedOut(inRegion, regionalLive(live, region))
  return (
    showsIndexes(request, live) &&
    settings.every(setting => setting.isCarriedOut?.(request, live) ?? showsFields(setting, request, live))
  )
}

/** Whether the live table and its indexes have the values that a request names for a setting. */
function showsFields({ aws, fields }: Setting, request: TableRequest, live: LiveTable): boolean {
  const shows = (part: object, index: string | undefined) => {
    const members = index === undefined ? aws?.members : aws?.indexMembers
    if (aws === undefined || !Object.keys(members ?? {}).some(member => Object.hasOwn(part, member))) return true
    const asked = aws.read({ ...part }, index === undefined ? '' : `${index}.`, () => undefined)
    const sides = { desired: { ...live.definition, ...asked }, live, indexes: [] }
    return Object.entries(asked).every(([name, wanted]) => {
      const current = memberOf(ownerOf(live.definition, index), name)
      const field = fields[name]
      return wanted === undefined || field === undefined || isSameValue(field, wanted, current, sides)
    })
  }
  const updates = updatesIn(request, 'GlobalSecondaryIndexUpdates')
  return shows(request.input, undefined) && updates.every(({ Update = {} }) => shows(Update, Update.IndexName))
}

/** Whether a step is done: its request was carried out, or the result that it prepares already exists. */
export function isStepDone(step: Step, live: LiveTable | undefined): boolean {
  return isCarriedOut(step.request, live) || (live !== undefined && isRecreated(step, live))
}

/** For a step that drops something to recreate it: whether another process has already recreated it as wanted. */
export function isRecreated({ sign, changes, until }: Step, live: LiveTable): boolean {
  const [change, ...others] = changes
  if (sign !== '-' || change === undefined || others.length > 0) return false
  if (change.kind === 'replace-index' || change.kind === 'replace-vector-index')
    return until.kind === 'index-gone' && hasReplacement(change, changedIndex(change).name, live.definition, live)
  if (change.kind !== 'modify-setting' || isOff(change.to)) return false
  return settings.some(({ fields, followUp }) => {
    const field = fields[change.field]
    if (field === undefined || (followUp !== undefined && !live.read.includes(followUp.field))) return false
    const sides = { desired: live.definition, live, indexes: [] }
    return isSameValue(field, change.to, live.definition[change.field], sides)
  })
}

/** The settings outside DescribeTable that `isCarriedOut` needs for a request. */
export function fieldsToJudge({ api, region }: TableRequest): FollowUpField[] {
  if (region !== undefined) return ['replicas']
  return settings.flatMap(({ followUp }) => (followUp?.requests.includes(api) === true ? [followUp.field] : []))
}

function showsIndexes(request: TableRequest, live: LiveTable): boolean {
  return updatesIn(request, 'GlobalSecondaryIndexUpdates').every(({ Create, Update, Delete }) => {
    const name = (Create ?? Update ?? Delete)?.IndexName
    return presentIndexes(live).some(index => index.name === name) === (Delete === undefined)
  })
}
