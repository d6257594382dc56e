import { buildBundle, bundleHash, readMainSource } from '#collection'
import type { Bytes, Hash } from '#primitives'
import type { BundleStore } from './collections.ts'

/** Built from the source that is shipped with the program; undefined where that is not there. */
async function build(): Promise<{ readonly hash: Hash; readonly bytes: Bytes } | undefined> {
  try {
    const { bytes } = await buildBundle(await readMainSource())
    return { hash: bundleHash(bytes), bytes }
  } catch {
    return undefined
  }
}

let built: ReturnType<typeof build> | undefined

/**
 * Bundles for peers: the installed ones, and that of the collection this program runs natively, of which no file is kept. It is built
 * when somebody first asks for it, once a process.
 */
export function withBuiltIn(store: Pick<BundleStore, 'read'>, builtIn: Hash): Pick<BundleStore, 'read'> {
  return {
    async read(hash) {
      const installed = await store.read(hash)
      if (installed !== undefined || hash !== builtIn) return installed
      built ??= build()
      const own = await built
      return own?.hash === hash ? own.bytes : undefined
    },
  }
}
