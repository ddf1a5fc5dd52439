import type { Problem } from '../errors.ts'
import type { IndexSettings, KeyAttribute, Projection, TableKey, TableSettings } from '../table/definition.ts'
import { meantField, unknownField } from '../table/did-you-mean.ts'
import type { KeysInput } from '../table/input.ts'
import { parseKeys } from '../table/parse-key.ts'
import { at, memberPath } from '../table/problems.ts'
import { isRecord, show, type UntypedRecord } from '../table/untyped.ts'
import { foundText } from './aws-shape.ts'
import { indexSettingFields, settingFields } from './catalogue.ts'
import { attributes, type Complaint, type FieldCheck, mustBe, projection, wrong } from './checks.ts'
import { extraMembers, globalIndexFields, localIndexFields, otherNames, tableFields } from './fields.ts'
import type { Field } from './setting.ts'

/** A table input with its short forms parsed, without defaults. */
export interface ReadTable extends TableKey {
  readonly table: string | undefined
  readonly globalIndexes: readonly ReadIndex[]
  readonly localIndexes: readonly ReadIndex[]
  readonly settings: TableSettings
  readonly extra: UntypedRecord | undefined
}

export interface ReadIndex extends TableKey {
  readonly name: string
  readonly projection: Projection | undefined
  readonly settings: IndexSettings
}

export interface InputReading {
  readonly table: ReadTable
  readonly problems: Problem[]
  /** Paths of fields that seem to be given under a wrong name, so that they are not also reported as missing. */
  readonly misnamed: readonly string[]
}

/** Reads an untyped input (JavaScript, YAML, JSON). An invalid field is left out and reported as a problem. */
export function readInput(input: unknown, path: string): InputReading {
  const problems: Problem[] = []
  const misnamed: string[] = []
  const report: Report = (where, { message, rule }) =>
    problems.push({ path: at(path, where), message, ...(rule === undefined ? {} : { rule }) })
  const read = new Reader(report, field => misnamed.push(at(path, field)))
  if (!isRecord(input)) {
    report('', { at: '', message: `must be a table such as { table, partitionKey, ... }, not ${show(input)}` })
  }
  const given = isRecord(input) ? input : {}
  read.refuseUnknown(given, '', tableFields)
  return {
    table: {
      table: read.field(given, 'table', '', { complaints: tableName }) as string | undefined,
      partitionKey: read.keys(given, 'partitionKey', ''),
      sortKey: read.keys(given, 'sortKey', ''),
      globalIndexes: read.indexes(given, 'globalIndexes', globalIndexFields),
      localIndexes: read.indexes(given, 'localIndexes', localIndexFields),
      settings: read.settings(given, '', settingFields),
      extra: read.field(given, 'extra', '', extraMembers) as UntypedRecord | undefined,
    },
    problems,
    misnamed,
  }
}

function tableName(value: unknown): readonly Complaint[] {
  if (typeof value === 'number') return wrong(`must be a table name, not the number ${value}; put it in quotes`)
  return typeof value === 'string' ? [] : wrong(`must be a table name, not ${foundText(value)}`)
}

type Report = (where: string, complaint: Complaint) => void

class Reader {
  private readonly report: Report
  private readonly misname: (field: string) => void

  constructor(report: Report, misname: (field: string) => void) {
    this.report = report
    this.misname = misname
  }

  /** The value of a field; `undefined` when it is not given, and when it is not valid, which is reported. */
  field(record: UntypedRecord, field: string, parent: string, { complaints: check }: Pick<FieldCheck, 'complaints'>) {
    const value = record[field]
    if (value === undefined) return undefined
    const complaints = value === null ? [empty] : check(value)
    for (const complaint of complaints) this.report(memberPath(parent, field) + complaint.at, complaint)
    return complaints.length === 0 ? value : undefined
  }

  keys(record: UntypedRecord, field: string, parent: string): readonly KeyAttribute[] {
    const value = this.field(record, field, parent, attributes)
    return value === undefined ? [] : parseKeys(value as KeysInput)
  }

  settings(record: UntypedRecord, parent: string, fields: Readonly<Record<string, Field>>): UntypedRecord {
    const read = Object.entries(fields).map(([name, { check, parse }]) => {
      const value = this.field(record, name, parent, check)
      return [name, value === undefined ? undefined : (parse?.(value) ?? value)] as const
    })
    return Object.fromEntries(read.filter(([, value]) => value !== undefined))
  }

  indexes(record: UntypedRecord, field: string, known: readonly string[]): readonly ReadIndex[] {
    const indexes = this.field(record, field, '', { complaints: indexMap })
    return Object.entries(indexes ?? {}).flatMap(([name, index]) => {
      const parent = `${field}.${name}`
      if (!isRecord(index)) {
        const found = index === null || index === undefined ? 'empty' : show(index)
        const message = `must be an index such as { ${known.slice(0, 2).join(', ')} }, not ${found}`
        this.report(parent, { at: '', message })
        return []
      }
      this.refuseUnknown(index, parent, known)
      return [
        {
          name,
          partitionKey: known.includes('partitionKey') ? this.keys(index, 'partitionKey', parent) : [],
          sortKey: this.keys(index, 'sortKey', parent),
          projection: this.field(index, 'projection', parent, projection) as Projection | undefined,
          settings: known === globalIndexFields ? this.settings(index, parent, indexSettingFields) : {},
        },
      ]
    })
  }

  refuseUnknown(record: UntypedRecord, parent: string, known: readonly string[]): void {
    for (const field of Object.keys(record)) {
      if (known.includes(field) || record[field] === undefined) continue
      const meant = meantField(field, known, names(known))
      if (meant !== undefined) this.misname(memberPath(parent, meant))
      this.report(memberPath(parent, field), { at: '', message: unknownField(field, known, names(known)) })
    }
  }
}

const empty: Complaint = {
  at: '',
  message: 'has no value (null); leave the field out, or write false to turn it off',
}

function names(known: readonly string[]): UntypedRecord {
  return Object.fromEntries(Object.entries(otherNames).filter(([, name]) => known.includes(name)))
}

function indexMap(value: unknown): readonly Complaint[] {
  return isRecord(value) ? [] : mustBe('a map from index name to index, such as { by-email: { ... } }', value)
}
