import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { DynamoxError, messageOf } from '../../errors.ts'
import { isRecord, show, type UntypedRecord } from '../../table/untyped.ts'
import type { ReportTarget } from '../report/report.ts'
import { digestOf, planAgain, type SavedPlan, savedPlanFormat, savedPlanVersion } from './saved-plan.ts'

/** Reads what `plan --out` wrote. Throws `usage` for anything else, and for a file that was changed since. */
export function readSavedPlan(file: string, cwd: string): SavedPlan {
  const value = parse(file, read(file, cwd))
  if (!isRecord(value) || value.format !== savedPlanFormat) {
    throw new DynamoxError('usage', `${file} is no saved plan`, { hint: 'dynamox plan --out plan.json writes one' })
  }
  if (value.version !== savedPlanVersion) {
    throw new DynamoxError(
      'usage',
      `${file} has format version ${show(value.version)}, and this dynamox reads version ${savedPlanVersion}`,
      { hint: planAgain(file) },
    )
  }
  if (!isComplete(value)) {
    throw new DynamoxError('usage', `${file} was changed after it was written`, {
      hint: `a saved plan is carried out as it is or not at all; ${planAgain(file)}`,
    })
  }
  return value
}

function read(file: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch (error) {
    const why = messageOf(error)
    throw new DynamoxError('usage', `the plan ${file} could not be read: ${why}`, {
      cause: error,
      hint: `dynamox plan --out ${file} writes one`,
    })
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new DynamoxError('usage', `${file} is not JSON`, { cause: error, hint: planAgain(file) })
  }
}

// The digest says that dynamox wrote the tables just so; only what it does not cover is looked at.
function isComplete(value: UntypedRecord): value is UntypedRecord & SavedPlan {
  return Array.isArray(value.tables) && value.digest === digestOf(value.tables) && isTarget(value.target)
}

function isTarget(value: unknown): value is ReportTarget {
  return isRecord(value) && typeof value.kind === 'string' && typeof value.region === 'string'
}
