import { expect, test } from 'vitest'
import { mainCollectionHash } from '#chains'
import { bundleHash } from '#collection'
import { taggedHash } from '#primitives'
import { withBuiltIn } from './builtInBundle.ts'

test('behavior: the collection that runs natively is given as a bundle, built once; others are those installed', async () => {
  const other = taggedHash('aelf/other/1')
  const installed = new Map([[other, Uint8Array.of(1)]])
  const store = withBuiltIn({ read: async (hash) => installed.get(hash) }, mainCollectionHash)
  const [one, two] = await Promise.all([store.read(mainCollectionHash), store.read(mainCollectionHash)])
  if (one === undefined) throw new Error('the source is not here')
  expect(bundleHash(one)).toBe(mainCollectionHash)
  expect(two).toBe(one)
  expect(await store.read(other)).toEqual(Uint8Array.of(1))
  expect(await store.read(taggedHash('aelf/nobody/1'))).toBeUndefined()
}, 60_000)
