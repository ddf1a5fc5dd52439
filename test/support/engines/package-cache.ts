import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { EngineUnavailable } from './engine.ts'

/** An npm package whose files are used and not its code, so that it is no dependency of ours. */
export interface CachedPackage {
  readonly name: string
  readonly version: string
  /** The sha512 of its tarball, in base64. */
  readonly sha512: string
  /** What to unpack, below the tarball's root. */
  readonly members: readonly string[]
}

const run = promisify(execFile)
const cache = resolve(import.meta.dirname, '../../../.cache/engines')

/** The folder that holds the package's members; fetched, checked and unpacked when it is not there yet. */
export async function cachedPackage(wanted: CachedPackage, folder = cache): Promise<string> {
  const place = join(folder, `${wanted.name.replace('@', '').replace('/', '-')}-${wanted.version}`)
  // A folder of that name is complete: it comes into being by a rename.
  if (existsSync(place)) return place
  await mkdir(folder, { recursive: true })
  const draft = await mkdtemp(`${place}.`)
  try {
    const tarball = await pack(wanted, draft)
    await check(wanted, tarball)
    await run('tar', ['-xzf', tarball, '-C', draft, '--strip-components=1', ...wanted.members.map(m => `package/${m}`)])
    await rm(tarball)
    await rename(draft, place)
  } catch (error) {
    // Another run was faster, with the same files.
    if (!existsSync(place)) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return place
}

async function pack({ name, version }: CachedPackage, folder: string): Promise<string> {
  const args = ['pack', `${name}@${version}`, '--ignore-scripts', '--loglevel=error', '--pack-destination', folder]
  try {
    await run('npm', args, { cwd: folder, shell: process.platform === 'win32', timeout: 240_000 })
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? error).trim()
    throw new EngineUnavailable(`npm could not fetch ${name}@${version}: ${said.split('\n').slice(0, 2).join(' ')}`)
  }
  const [file] = (await readdir(folder)).filter(entry => entry.endsWith('.tgz'))
  if (file === undefined) throw new EngineUnavailable(`npm fetched nothing for ${name}@${version}`)
  return join(folder, file)
}

async function check({ name, version, sha512 }: CachedPackage, tarball: string): Promise<void> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(tarball), hash)
  const found = hash.digest('base64')
  if (found !== sha512) throw new Error(`${name}@${version} is not what it was: sha512 ${found}, expected ${sha512}`)
}
