import type { Problem } from '../errors.ts'
import type { IndexSettings, KeyAttribute, Projection, TableSettings } from '../table/definition.ts'
import { meantField, unknownField } from '../table/did-you-mean.ts'
import { readKeys } from '../table/parse-key.ts'
import { at } from '../table/problems.ts'
import { isRecord, show, type UntypedRecord } from '../table/untyped.ts'
import { foundText } from './aws-shape.ts'
import { indexSettingFields, settingFields } from './catalogue.ts'
import { type Complaint, type FieldCheck, mustBe, projection, wrong } from './checks.ts'
import { extraMembers, globalIndexFields, localIndexFields, otherNames, tableFields } from './fields.ts'
import type { Field } from './setting.ts'

/** A table input with its short forms parsed, without defaults. */
export interface ReadTable {
  readonly table: string | undefined
  readonly partitionKey: readonly KeyAttribute[]
  readonly sortKey: readonly KeyAttribute[]
  readonly globalIndexes: readonly ReadIndex[]
  readonly localIndexes: readonly ReadIndex[]
  readonly settings: TableSettings
  readonly extra: UntypedRecord | undefined
}

export interface ReadIndex {
  readonly name: string
  readonly partitionKey: readonly KeyAttribute[]
  readonly sortKey: readonly KeyAttribute[]
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
  const reader = new Reader(path, problems, misnamed)
  if (!isRecord(input)) {
    problems.push({ path, message: `must be a table such as { table, partitionKey, ... }, not ${show(input)}` })
    return { table: { ...emptyTable }, problems, misnamed }
  }
  reader.refuseUnknown(input, '', tableFields)
  return {
    table: {
      table: reader.field(input, 'table', '', { complaints: tableName }) ? (input.table as string) : undefined,
      partitionKey: reader.keys(input, 'partitionKey', ''),
      sortKey: reader.keys(input, 'sortKey', ''),
      globalIndexes: reader.indexes(input, 'globalIndexes', globalIndexFields),
      localIndexes: reader.indexes(input, 'localIndexes', localIndexFields),
      settings: reader.settings(input, '', settingFields),
      extra: reader.field(input, 'extra', '', extraMembers) ? (input.extra as UntypedRecord) : undefined,
    },
    problems,
    misnamed,
  }
}

const emptyTable: ReadTable = {
  table: undefined,
  partitionKey: [],
  sortKey: [],
  globalIndexes: [],
  localIndexes: [],
  settings: {},
  extra: undefined,
}

function tableName(value: unknown): readonly Complaint[] {
  if (typeof value === 'number') return wrong(`must be a table name, not the number ${value}; put it in quotes`)
  return typeof value === 'string' ? [] : wrong(`must be a table name, not ${foundText(value)}`)
}

type Check = Pick<FieldCheck, 'complaints'>

class Reader {
  private readonly path: string
  private readonly problems: Problem[]
  private readonly misnamed: string[]

  constructor(path: string, problems: Problem[], misnamed: string[]) {
    this.path = path
    this.problems = problems
    this.misnamed = misnamed
  }

  /** Whether the field is given and valid; reports a problem when it is given and not valid. */
  field(record: UntypedRecord, field: string, parent: string, { complaints: check }: Check): boolean {
    const value = record[field]
    if (value === undefined) return false
    const complaints = value === null ? [empty] : check(value)
    for (const complaint of complaints) this.report(join(parent, field) + complaint.at, complaint)
    return complaints.length === 0
  }

  keys(record: UntypedRecord, field: string, parent: string): readonly KeyAttribute[] {
    const value = record[field]
    if (value === undefined) return []
    const reading = value === null ? { complaint: empty.message } : readKeys(value)
    if ('keys' in reading) return reading.keys
    this.report(join(parent, field), {
      at: '',
      message: reading.complaint,
      ...(reading.rule === undefined ? {} : { rule: reading.rule }),
    })
    return []
  }

  settings(record: UntypedRecord, parent: string, fields: Readonly<Record<string, Field>>): UntypedRecord {
    const given = Object.entries(fields).filter(([field]) => record[field] !== undefined)
    const good = given.filter(([field, { check }]) => this.field(record, field, parent, check))
    return Object.fromEntries(good.map(([field, { parse }]) => [field, parse?.(record[field]) ?? record[field]]))
  }

  indexes(record: UntypedRecord, field: string, known: readonly string[]): readonly ReadIndex[] {
    if (!this.field(record, field, '', { complaints: indexMap })) return []
    return Object.entries(record[field] as UntypedRecord).flatMap(([name, index]) => {
      const parent = `${field}.${name}`
      if (!isRecord(index)) {
        const found = index === null || index === undefined ? 'empty' : show(index)
        this.report(parent, {
          at: '',
          message: `must be an index such as { ${known.slice(0, 2).join(', ')} }, not ${found}`,
        })
        return []
      }
      this.refuseUnknown(index, parent, known)
      return [
        {
          name,
          partitionKey: known.includes('partitionKey') ? this.keys(index, 'partitionKey', parent) : [],
          sortKey: this.keys(index, 'sortKey', parent),
          projection: this.field(index, 'projection', parent, projection)
            ? (index.projection as Projection)
            : undefined,
          settings: known === globalIndexFields ? this.settings(index, parent, indexSettingFields) : {},
        },
      ]
    })
  }

  refuseUnknown(record: UntypedRecord, parent: string, known: readonly string[]): void {
    for (const field of Object.keys(record)) {
      if (known.includes(field) || record[field] === undefined) continue
      const meant = meantField(field, known, names(known))
      if (meant !== undefined) this.misnamed.push(at(this.path, join(parent, meant)))
      this.report(join(parent, field), { at: '', message: unknownField(field, known, names(known)) })
    }
  }

  private report(where: string, { message, rule }: Complaint): void {
    this.problems.push({ path: at(this.path, where), message, ...(rule === undefined ? {} : { rule }) })
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

function join(parent: string, field: string): string {
  return parent === '' ? field : `${parent}.${field}`
}
