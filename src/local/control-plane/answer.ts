/** An answer of the control plane: the operation's output, or AWS's error. */
export type Answer = Output | AwsError

export interface Output {
  readonly output: Readonly<Record<string, unknown>>
  /** The call was accepted, although nothing changed. */
  readonly isNoOp?: true
}

export interface AwsError {
  /** `ValidationException`, `ResourceInUseException`, ... */
  readonly type: string
  readonly message: string
  /** 400 when left out. */
  readonly status?: number
  /** The request breaks a rule that no waiting changes, although errors of this type usually pass. */
  readonly isStatic?: true
}

export const isError = (answer: Answer): answer is AwsError => 'type' in answer

const prefix = 'One or more parameter values were invalid: '

/** A request that breaks a rule, with AWS's usual prefix before the message. */
export const invalid = (message: string): AwsError => validation(prefix + message)

/** A request that breaks a rule, in exactly these words. */
export const validation = (message: string): AwsError => ({ type: 'ValidationException', message })

/** The refusal of a request that AWS may take and the engine cannot carry out. */
export const notSupported = (what: string): AwsError => validation(`the embedded engine does not support ${what}`)

export const inUse = (message: string): AwsError => ({
  type: 'ResourceInUseException',
  message: `Attempt to change a resource which is still in use: ${message}`,
})

export const notFound = (message: string): AwsError => ({
  type: 'ResourceNotFoundException',
  message: `Requested resource not found: ${message}`,
})

export const limit = (message: string): AwsError => ({
  type: 'LimitExceededException',
  message: `Subscriber limit exceeded: ${message}`,
})

export const throttled = (message: string): AwsError => ({ type: 'ThrottlingException', message })
