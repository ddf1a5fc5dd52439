import { execFile } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { findInPackage, isFile } from '../../table/project-files.ts'
import { memberOf } from '../../table/untyped.ts'
import { type Environment, engineEnvironment } from '../environment.ts'
import { type ServerProgram, serveOnStore } from '../serve-program.ts'
import type { EngineFinding, EnginePlaces, EngineStart, LocalEngine } from './engine.ts'

/** AWS's own DynamoDB Local: a jar that needs Java 17, or its Docker image. */
export const dynamodbLocal: LocalEngine = {
  name: 'dynamodb-local',
  find: async places => {
    const env = engineEnvironment(places.env)
    const jar = findJar(places)
    if (jar !== undefined && !isFile(jar.path)) return missing(`${jar.from} is ${jar.path}, which is not a file`)
    const java = jar === undefined ? undefined : await javaProblem(env)
    if (jar !== undefined && java === undefined) return usable(`${jar.path} (${jar.from})`, fromJar(jar.path, env))
    if (await hasDocker(env)) return usable(`Docker image ${image}`, fromDocker(env))
    return jar === undefined
      ? missing('no jar was given or installed, and Docker is not running')
      : missing(`${jar.path}: it needs Java 17 or later, ${java}`, 'install Java 17 or later, or start Docker')
  },
}

const image = 'amazon/dynamodb-local'

function findJar({ root, jar, env }: EnginePlaces): { path: string; from: string } | undefined {
  const variable = env.DYNAMODB_LOCAL_JAR
  const given = jar ?? (variable || undefined)
  if (given !== undefined) return { path: resolve(given), from: given === variable ? 'DYNAMODB_LOCAL_JAR' : '--jar' }
  const installed = findInPackage(root, 'amplify-dynamodb-simulator', join('emulator', 'DynamoDBLocal.jar'))
  return installed === undefined ? undefined : { path: installed, from: 'amplify-dynamodb-simulator' }
}

/** Why Java cannot run it; `undefined` when it can. */
async function javaProblem(env: Environment): Promise<string | undefined> {
  try {
    const { stderr } = await promisify(execFile)('java', ['-version'], { env: { ...env }, timeout: 20_000 })
    const [line, version] = /^.* version "(\d+).*$/m.exec(stderr) ?? []
    return Number(version) >= 17 ? undefined : `found ${line ?? inOneLine(stderr)}`
  } catch (error) {
    if (memberOf(error, 'code') === 'ENOENT') return 'and java is not on the path'
    const said = inOneLine(String(memberOf(error, 'stderr') ?? ''))
    return `but java -version fails${said === '' ? '' : `: ${said}`}`
  }
}

const inOneLine = (text: string): string => text.trim().replace(/\s+/g, ' ').slice(0, 300)

async function hasDocker(env: Environment): Promise<boolean> {
  try {
    const args = ['version', '--format', '{{.Server.Version}}']
    const { stdout } = await promisify(execFile)('docker', args, { env: { ...env }, timeout: 5000 })
    return stdout.trim() !== ''
  } catch {
    return false
  }
}

type ProgramOn = (options: EngineStart) => (folder: string, inMemory: boolean) => ServerProgram

function fromJar(jar: string, env: Environment): ProgramOn {
  return options => (folder, inMemory) => ({
    label: 'DynamoDB Local',
    command: 'java',
    env,
    args: port => [
      // The C1 compiler and the serial garbage collector start faster.
      ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
      `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`,
      ...['-jar', jar, ...commonArguments(options, inMemory ? undefined : folder), '-port', String(port)],
    ],
  })
}

/** A container outlives the docker client, so the guard removes it. */
function fromDocker(env: Environment): ProgramOn {
  const name = (port: number) => `dynamox-${process.pid}-${port}`
  const inside = '/data'
  return options => (folder, inMemory) => ({
    label: 'DynamoDB Local in Docker',
    command: 'docker',
    env,
    args: port => [
      ...['run', '--rm', '--name', name(port), '--publish', `127.0.0.1:${port}:8000`],
      ...(inMemory ? [] : ['--user', 'root', '--volume', `${folder}:${inside}`]),
      ...[image, '-jar', 'DynamoDBLocal.jar', ...commonArguments(options, inMemory ? undefined : inside)],
    ],
    cleanUp: port => ['docker', 'rm', '--force', name(port)],
  })
}

const commonArguments = ({ allowed }: EngineStart, folder: string | undefined): readonly string[] => [
  ...(folder === undefined ? ['-inMemory'] : ['-dbPath', folder]),
  '-sharedDb',
  '-disableTelemetry',
  // Without a list of allowed origins, it answers every web page.
  ...['-cors', allowed === undefined || allowed.origins.length === 0 ? noOrigin : allowed.origins.join(',')],
]

// The list must not be empty; use a name that cannot exist (RFC 6761).
const noOrigin = 'http://none.invalid'

function usable(found: string, programOn: ProgramOn): EngineFinding {
  return { usable: true, found, start: options => serveOnStore('dynamodb-local', options, programOn(options)) }
}

const missing = (why: string, hint = howToGet): EngineFinding => ({ usable: false, why, hint })

const howToGet =
  'npm install --save-dev amplify-dynamodb-simulator (it contains the jar, for Java 17), or pass --jar <DynamoDBLocal.jar>, or start Docker'
