import type * as sdk from '@aws-sdk/client-dynamodb'

type CommandName = Exclude<Extract<keyof typeof sdk, `${string}Command`>, '$Command'>

/** The operations of DynamoDB, by their AWS names. */
export type Operation = CommandName extends `${infer O}Command` ? O : never

type CommandOf<O extends Operation> = InstanceType<(typeof sdk)[`${O}Command`]>

/** The input of an operation. */
export type Input<O extends Operation> = CommandOf<O>['input']
/** The output of an operation. The SDK's commands name its type only in `resolveMiddleware`. */
export type Output<O extends Operation> =
  CommandOf<O> extends { resolveMiddleware(...rest: never[]): (command: never) => Promise<{ output: infer Out }> }
    ? Out & Pick<sdk.ServiceOutputTypes, '$metadata'>
    : never
