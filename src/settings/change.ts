import type { GlobalIndex, KeyAttribute, LocalIndex, TableSettings } from '../table/definition.ts'

type SettingChange = {
  [F in keyof TableSettings]-?: {
    readonly kind: 'modify-setting'
    readonly field: F
    readonly from: TableSettings[F]
    readonly to: TableSettings[F]
  }
}[Exclude<keyof TableSettings, 'readCapacity' | 'writeCapacity' | 'tags'>]

/**
 * One difference between a definition and what is live: a closed union, from and to included.
 * Verbs: add, drop, modify, replace.
 */
export type Change =
  | { readonly kind: 'modify-key'; readonly from: TableKey; readonly to: TableKey }
  | SettingChange
  | {
      readonly kind: 'modify-capacity'
      readonly index?: string | undefined
      readonly from: Capacity
      readonly to: Capacity
    }
  | {
      readonly kind: 'modify-index-setting'
      readonly index: string
      readonly field: 'maxReadUnits' | 'maxWriteUnits' | 'warmReadUnits' | 'warmWriteUnits' | 'contributorInsights'
      readonly from: GlobalIndex[keyof GlobalIndex]
      readonly to: GlobalIndex[keyof GlobalIndex]
    }
  /** `beside`: the index whose new shape it has, and that stays. */
  | { readonly kind: 'add-index'; readonly index: GlobalIndex; readonly beside?: string | undefined }
  | { readonly kind: 'drop-index'; readonly index: GlobalIndex }
  | { readonly kind: 'replace-index'; readonly from: GlobalIndex; readonly to: GlobalIndex }
  | { readonly kind: 'add-local-index'; readonly index: LocalIndex }
  | { readonly kind: 'drop-local-index'; readonly index: LocalIndex }
  | { readonly kind: 'replace-local-index'; readonly from: LocalIndex; readonly to: LocalIndex }
  | {
      readonly kind: 'modify-tags'
      readonly set: Readonly<Record<string, string>>
      readonly drop: readonly string[]
      readonly from: Readonly<Record<string, string>>
    }

export interface TableKey {
  readonly partitionKey: readonly KeyAttribute[]
  readonly sortKey: readonly KeyAttribute[]
}

export interface Capacity {
  readonly readCapacity: number | undefined
  readonly writeCapacity: number | undefined
}
