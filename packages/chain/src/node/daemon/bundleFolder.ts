import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleHash, loadBundle, MAX_BUNDLE_BYTES } from '#collection'
import { asHash, type Bytes, type Hash } from '#primitives'
import type { BundleStore } from '../collections.ts'
import { NodeError } from '../errors.ts'

/** More would not be the operator's doing; every one is read at each start. */
const MAX_BUNDLES = 64
const ENDING = '.bundle'
const SIGNAL = 'signal'
const NAME = /^0x[0-9a-f]{64}\.bundle$/

/** Where the bundles of a data folder are, one file each: its hash and `.bundle`. */
export const bundleFolderOf = (dataDir: string): string => join(dataDir, 'collections')
const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'
const storage = (folder: string, cause: unknown): NodeError =>
  new NodeError('node.storage', `The folder ${folder} cannot be used`, { cause })

/** The installed bundles of a data folder. They and the signal may change while the node runs. */
export function openBundleFolder(dataDir: string): BundleStore {
  return {
    list: () => listBundles(dataDir),
    read: (hash) => readBundle(dataDir, hash),
    keep: (hash, bytes) => writeWhole(dataDir, `${hash}${ENDING}`, bytes),
  }
}

export async function listBundles(dataDir: string): Promise<readonly Hash[]> {
  const folder = bundleFolderOf(dataDir)
  try {
    const names = (await readdir(folder)).filter((name) => NAME.test(name)).sort()
    return names.slice(0, MAX_BUNDLES).map((name) => asHash(name.slice(0, -ENDING.length)))
  } catch (cause) {
    if (isAbsent(cause)) return []
    throw storage(folder, cause)
  }
}

/** An installed bundle; undefined when it is not there. Rejects with `node.storage`. */
export async function readBundle(dataDir: string, hash: Hash): Promise<Bytes | undefined> {
  const path = join(bundleFolderOf(dataDir), `${hash}${ENDING}`)
  try {
    const bytes = await readFile(path)
    return bytes.length > MAX_BUNDLE_BYTES ? undefined : new Uint8Array(bytes)
  } catch (cause) {
    if (isAbsent(cause)) return undefined
    throw storage(path, cause)
  }
}

/** Whole or not at all, whatever happens meanwhile. */
async function writeWhole(dataDir: string, name: string, content: Uint8Array | string): Promise<void> {
  const folder = bundleFolderOf(dataDir)
  const path = join(folder, name)
  const temporary = `${path}.${process.pid}.new`
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    const file = await open(temporary, 'w', 0o644)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw storage(folder, cause)
  }
}

/** Checks a bundle and keeps it for the node. Throws `collection.*`, `node.storage`. */
export async function installBundle(dataDir: string, bytes: Bytes): Promise<Hash> {
  const { hash } = loadBundle(bytes, bundleHash(bytes))
  await writeWhole(dataDir, `${hash}${ENDING}`, bytes)
  return hash
}

/** What the node's blocks signal; undefined for nothing. */
export async function readSignal(dataDir: string): Promise<Hash | undefined> {
  const path = join(bundleFolderOf(dataDir), SIGNAL)
  try {
    const text = (await readFile(path, 'utf8')).trim()
    return /^0x[0-9a-f]{64}$/.test(text) ? asHash(text) : undefined
  } catch (cause) {
    if (isAbsent(cause)) return undefined
    throw storage(path, cause)
  }
}

/** Undefined: signal nothing from now on. */
export async function writeSignal(dataDir: string, hash: Hash | undefined): Promise<void> {
  if (hash !== undefined) return writeWhole(dataDir, SIGNAL, `${hash}\n`)
  await rm(join(bundleFolderOf(dataDir), SIGNAL), { force: true })
}
