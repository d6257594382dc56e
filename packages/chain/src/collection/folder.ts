import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Bytes, utf8ToBytes } from '#primitives'
import { CollectionError } from './error.ts'
import { belongsToSource, checkSource, MANIFEST_FILE, type Source } from './source.ts'

/** The files of a folder that belong to a source. Tests and everything hidden stay out. Rejects with `collection.source`. */
export async function readSourceFolder(folder: string): Promise<Source> {
  const source = new Map<string, Bytes>()
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(join(folder, sep).length).replaceAll(sep, '/')
      if (!entry.isFile() || !belongsToSource(path)) continue
      source.set(path, await readFile(join(folder, path)))
    }
  } catch (cause) {
    throw new CollectionError('collection.source', `the folder ${folder} cannot be read`, { cause })
  }
  checkSource(source)
  return source
}

/** What is not part of a collection: the host offers the runtime, and clients have the descriptors. */
const HOST_FOLDERS = /^contracts\/(?:runtime|metadata)\//
const MANIFEST = { name: 'aelf-main', version: '1', entry: 'chains/mainCollection.ts', params: {} }

/** The source of this program's own collection, to begin a successor with. */
export async function readMainSource(): Promise<Source> {
  // The same way up from the source and from what is built and shipped.
  const root = fileURLToPath(new URL('../../src', import.meta.url))
  const contracts = await readSourceFolder(join(root, 'contracts'))
  const source = new Map<string, Bytes>([
    [MANIFEST_FILE, utf8ToBytes(`${JSON.stringify(MANIFEST, null, 2)}\n`)],
    [MANIFEST.entry, await readFile(join(root, MANIFEST.entry))],
  ])
  for (const [path, bytes] of contracts) {
    const inside = `contracts/${path}`
    if (!HOST_FOLDERS.test(inside)) source.set(inside, bytes)
  }
  return source
}
