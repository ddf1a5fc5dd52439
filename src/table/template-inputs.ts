/** Values that templates leave open, from flags and config. */
export interface TemplateInputs {
  /** Values of parameters; `AWS::AccountId` and the like as well. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  readonly stage?: string | undefined
  readonly stackName?: string | undefined
  /** Values of Terraform variables. */
  readonly variables?: Readonly<Record<string, string>> | undefined
  /** Files with values of Terraform variables; absolute. */
  readonly variableFiles?: readonly string[] | undefined
  /** Table names by logical id, or by `file#LogicalId`. */
  readonly names?: Readonly<Record<string, string>> | undefined
}
