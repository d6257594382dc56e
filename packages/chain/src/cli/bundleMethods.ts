import { describeBundle, loadBundle, MAX_BUNDLE_BYTES } from '#collection'
import type { MethodDescriptor } from '#kernel'
import type { Hash } from '#primitives'
import { readSmallBytes } from './privateFile.ts'

/** Methods of a bundle in a file, which is audited first. Rejects with `cli.*`, `collection.*`. */
export async function readBundleMethods(
  file: string,
): Promise<{ readonly hash: Hash; readonly methods: readonly MethodDescriptor[] }> {
  const bundle = loadBundle(await readSmallBytes(file, MAX_BUNDLE_BYTES, 'the bundle'))
  return { hash: bundle.hash, methods: describeBundle(bundle).flatMap(({ methods }) => methods) }
}
