import type { ServiceOutputTypes } from '@aws-sdk/client-dynamodb'

/** The part of the SDK that dynamox uses; a command that sdk-exports.ts lacks does not compile. */
export type Sdk = typeof import('./sdk-exports.ts')

type CommandName = Extract<keyof Sdk, `${string}Command`>

/** The operations that dynamox calls, by their AWS names: exactly the commands that sdk-exports.ts lists. */
export type Operation = CommandName extends infer Name ? (Name extends `${infer O}Command` ? O : never) : never

type CommandOf<O extends Operation> = InstanceType<Sdk[`${O}Command`]>

export type Input<O extends Operation> = CommandOf<O>['input']
export type Output<O extends Operation> =
  CommandOf<O> extends { resolveMiddleware(...rest: never[]): (command: never) => Promise<{ output: infer Out }> }
    ? Out & Pick<ServiceOutputTypes, '$metadata'>
    : never

/** One call: the operation, its input and the table it concerns. */
export interface Call<O extends Operation> {
  readonly operation: O
  readonly input: Input<O>
  readonly table?: string | undefined
  readonly signal?: AbortSignal | undefined
}
