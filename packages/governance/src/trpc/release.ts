import { gzipSync } from 'node:zlib'
import type { Hash } from '#domain'

/** The collection that this program brings along. */
export interface Release {
  readonly bundleHash: Hash
  /** Its source, as `aelf collection source` writes it, packed. */
  readonly archive: Uint8Array
}

let known: Promise<Release> | undefined

/** Built once a process, on first use: about a second of work. Rejects where the source was not shipped with the program. */
export function currentRelease(): Promise<Release> {
  known ??= makeRelease()
  return known
}

async function makeRelease(): Promise<Release> {
  // Left to Node: the source lies beside the program, and a bundler would lose the way to it.
  const { buildBundle, bundleHash, readMainSource, writeArchive } = await import(
    /* turbopackIgnore: true */ '@aelf/chain/collection'
  )
  const source = await readMainSource()
  const { bytes } = await buildBundle(source)
  return { bundleHash: bundleHash(bytes), archive: gzipSync(writeArchive(source)) }
}
