import { execFile } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { ServerProgram } from '../serve-program.ts'
import type { EngineFinding, EnginePlaces, LocalEngine } from './engine.ts'
import { findInPackage, isFile } from './find-file.ts'
import { serveOnStore } from './program-store.ts'

/** AWS's own DynamoDB Local: a jar that needs Java 17, or its Docker image. */
export const dynamodbLocal: LocalEngine = {
  name: 'dynamodb-local',
  find: async places => {
    const jar = findJar(places)
    if (jar !== undefined && !isFile(jar.path)) return missing(`${jar.from} is ${jar.path}, and no file is there`)
    const java = jar === undefined ? undefined : await javaProblem(places.env)
    if (jar !== undefined && java === undefined) return usable(`${jar.path} (${jar.from})`, fromJar(jar.path))
    if (await hasDocker(places.env)) return usable(`Docker image ${image}`, fromDocker)
    return missing(
      jar === undefined ? 'no jar was given or is installed, and Docker does not run here' : `${jar.path}: ${java}`,
    )
  },
}

const image = 'amazon/dynamodb-local'
const shared = (inMemory: boolean, folder: string) => [
  ...(inMemory ? ['-inMemory'] : ['-dbPath', folder]),
  '-sharedDb',
  '-disableTelemetry',
]

function findJar({ root, jar, env }: EnginePlaces): { path: string; from: string } | undefined {
  if (jar !== undefined) return { path: resolve(jar), from: '--jar' }
  if (env.DYNAMODB_LOCAL_JAR) return { path: resolve(env.DYNAMODB_LOCAL_JAR), from: 'DYNAMODB_LOCAL_JAR' }
  const installed = findInPackage(root, 'amplify-dynamodb-simulator', join('emulator', 'DynamoDBLocal.jar'))
  return installed === undefined ? undefined : { path: installed, from: 'amplify-dynamodb-simulator' }
}

/** Why Java cannot run it; `undefined` when it can. */
async function javaProblem(env: EnginePlaces['env']): Promise<string | undefined> {
  try {
    const { stderr } = await promisify(execFile)('java', ['-version'], { env: { ...env }, timeout: 20_000 })
    const version = Number(/version "(\d+)/.exec(stderr)?.[1])
    return version >= 17 ? undefined : `it needs Java 17 or later, found ${stderr.split('\n')[0]}`
  } catch {
    return 'it needs Java 17, and there is no java on the path'
  }
}

async function hasDocker(env: EnginePlaces['env']): Promise<boolean> {
  try {
    const args = ['version', '--format', '{{.Server.Version}}']
    const { stdout } = await promisify(execFile)('docker', args, { env: { ...env }, timeout: 5000 })
    return stdout.trim() !== ''
  } catch {
    return false
  }
}

function fromJar(jar: string) {
  return (folder: string, inMemory: boolean): ServerProgram => ({
    label: 'DynamoDB Local',
    command: 'java',
    args: port => [
      // The quick compiler and the simple collector start sooner.
      ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
      `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`,
      ...['-jar', jar, ...shared(inMemory, folder), '-port', String(port)],
    ],
  })
}

/** The client's end does not end a container: its guard removes it. */
function fromDocker(folder: string, inMemory: boolean): ServerProgram {
  const name = (port: number) => `dynamox-${process.pid}-${port}`
  const inside = '/data'
  return {
    label: 'DynamoDB Local in Docker',
    command: 'docker',
    args: port => [
      ...['run', '--rm', '--name', name(port), '--publish', `127.0.0.1:${port}:8000`],
      ...(inMemory ? [] : ['--user', 'root', '--volume', `${folder}:${inside}`]),
      ...[image, '-jar', 'DynamoDBLocal.jar', ...shared(inMemory, inside)],
    ],
    cleanUp: port => ['docker', 'rm', '--force', name(port)],
  }
}

function usable(found: string, programOn: (folder: string, inMemory: boolean) => ServerProgram): EngineFinding {
  return { usable: true, found, start: options => serveOnStore('dynamodb-local', options, programOn) }
}

function missing(why: string): EngineFinding {
  return {
    usable: false,
    why,
    hint: 'npm install --save-dev amplify-dynamodb-simulator (it carries the jar, for Java 17), or give --jar <DynamoDBLocal.jar>, or start Docker',
  }
}
