import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A figure younger than this is given again: a store has many files. */
const FRESH_MS = 10_000
const MAX_FILES = 100_000

async function sizeOf(folder: string): Promise<number> {
  let total = 0
  let files = 0
  const waiting = [folder]
  for (let next = waiting.pop(); next !== undefined && files < MAX_FILES; next = waiting.pop()) {
    const at = next
    for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [])) {
      files += 1
      if (entry.isDirectory()) waiting.push(join(at, entry.name))
      // A file that the store has just removed has no size.
      else
        total += await stat(join(at, entry.name)).then(
          ({ size }) => size,
          () => 0,
        )
    }
  }
  return total
}

/** Bytes of a folder's files, read again every ten seconds at most. */
export function createFolderSize(): (folder: string) => Promise<number> {
  let known: { readonly folder: string; readonly atMs: number; readonly bytes: Promise<number> } | undefined
  return (folder) => {
    if (known?.folder !== folder || Date.now() - known.atMs > FRESH_MS) {
      known = { folder, atMs: Date.now(), bytes: sizeOf(folder) }
    }
    return known.bytes
  }
}
