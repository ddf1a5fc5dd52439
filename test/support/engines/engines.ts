import { dynaliteEngine } from './dynalite.ts'
import { dynamoDbLocalEngine } from './dynamodb-local.ts'
import type { TestEngine } from './engine.ts'
import { extendDbEngine } from './extenddb.ts'

/** The engines that end-to-end scenarios run on. */
export const testEngines: readonly TestEngine[] = [dynaliteEngine(), dynamoDbLocalEngine(), extendDbEngine]
