import { chmod, chown, mkdir, open, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CliError } from './exit.ts'

/** Readable by its owner only. */
export const SECRET = 0o600
/** Readable by everybody on the machine. */
export const PUBLIC = 0o644

/**
 * Writes a new file through to the disk; never over an existing one. Written by the administrator, it belongs to the owner of
 * its folder, so that a node running as another user can read it. Throws `cli.failure`.
 */
export async function writeNewFile(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  try {
    const file = await open(path, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await chmod(path, mode)
    if (process.getuid?.() === 0) {
      const owner = await stat(dirname(path))
      await chown(path, owner.uid, owner.gid)
    }
  } catch (error) {
    throw new CliError(
      'cli.failure',
      `cannot write ${path} (${reasonOf(error)})`,
      'Choose a file that does not exist, in a folder you may write to.',
    )
  }
}

/** Makes a folder with those above it. Throws `cli.failure`. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    throw new CliError('cli.failure', `cannot make the folder ${path} (${reasonOf(error)})`, 'Choose another folder.')
  }
}

/** Text of a small file. Throws `cli.usage` that says what the file should be. */
export async function readSmallFile(path: string, limit: number, what: string): Promise<string> {
  return new TextDecoder().decode(await readSmallBytes(path, limit, what))
}

/** As `readSmallFile`, for a file that is no text. */
export async function readSmallBytes(path: string, limit: number, what: string): Promise<Uint8Array> {
  let bytes: Uint8Array
  try {
    const { size } = await stat(path)
    if (size > limit)
      throw new CliError('cli.usage', `${path} is too large for ${what}`, `It has at most ${limit} bytes.`)
    bytes = await readFile(path)
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(
      'cli.usage',
      `cannot read ${what} ${path} (${reasonOf(error)})`,
      'Check the path and who may read it.',
    )
  }
  return new Uint8Array(bytes)
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}

export const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
