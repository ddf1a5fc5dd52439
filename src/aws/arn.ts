/** Where the tables are, for ARNs; `*` for what is not known. */
export interface ArnPlace {
  readonly region: string
  readonly account: string
}

/** The ARN of a table, in the partition of its region; an ARN stays as it is. */
export function tableArn(table: string, { region, account }: ArnPlace): string {
  return table.startsWith('arn:') ? table : `arn:${partition(region)}:dynamodb:${region}:${account}:table/${table}`
}

/** The partition of AWS that a region belongs to. */
export function partition(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}
