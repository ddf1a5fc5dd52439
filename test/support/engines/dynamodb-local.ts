import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { startProgram } from './child-engine.ts'
import { EngineUnavailable, type TestEngine } from './engine.ts'
import { cachedPackage } from './package-cache.ts'

/** The npm package that carries AWS's own DynamoDB Local; it needs Java 17. */
const jar = {
  name: 'amplify-dynamodb-simulator',
  version: '2.9.30',
  sha512: 'xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==',
  members: ['emulator'],
}

/** DynamoDB Local, in memory; with `delayTransientStatuses` a new global index is CREATING for half a minute. */
export const dynamoDbLocalEngine = ({ delayTransientStatuses = false } = {}): TestEngine => ({
  name: 'dynamodb-local',
  capabilities: 'dynamodb-local',
  start: async () => {
    const cwd = dirname(await dynamoDbLocalJar())
    return startProgram({
      command: 'java',
      args: port => [
        // A short life: the quick compiler and the simple collector start sooner.
        ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Djava.library.path=./DynamoDBLocal_lib'],
        ...['-jar', 'DynamoDBLocal.jar', '-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
        ...(delayTransientStatuses ? ['-delayTransientStatuses'] : []),
      ],
      cwd,
    })
  },
})

/** The jar, on a machine that can run it. */
export async function dynamoDbLocalJar(): Promise<string> {
  await needJava()
  return join(await cachedPackage(jar), 'emulator', 'DynamoDBLocal.jar')
}

async function needJava(): Promise<void> {
  const said = await promisify(execFile)('java', ['-version']).then(
    ({ stderr }) => stderr,
    () => {
      throw new EngineUnavailable('Java is not installed')
    },
  )
  const version = Number(/version "(\d+)/.exec(said)?.[1])
  if (!(version >= 17)) throw new EngineUnavailable(`it needs Java 17 or later, found ${said.split('\n')[0]}`)
}
