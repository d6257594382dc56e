import { expect, test } from 'vitest'
import { currentCollectionPath, encodeCurrentCollection, type StateReader } from '#kernel'
import { taggedHash } from '#primitives'
import { createLaneWorld } from '#testing'
import { createEraExecutor, type Era, type Eras } from './index.ts'

test('behavior: the collection before serves calls until the next one comes, which then serves at once', () => {
  const { registry } = createLaneWorld(1)
  const eraOf = (name: string): Era => ({
    hash: taggedHash('aelf/era-test/1', new TextEncoder().encode(name)),
    registry,
    feePolicyAt: () => ({ feeOf: () => 0n }),
  })
  const [first, next] = [eraOf('first'), eraOf('next')]
  const here = [first]
  const find: Eras['find'] = (hash) => here.find((era) => era.hash === hash)
  const executor = createEraExecutor({ first, find, obtain: async (hash) => find(hash) })
  const entry = encodeCurrentCollection({ hash: next.hash, since: 5n, former: first.hash })
  const state: StateReader = { get: (path) => (path === currentCollectionPath ? entry : undefined) }
  expect(executor.eraAt(state, 4n)).toBe(first)
  expect(executor.eraAt(state, 5n).hash).toBe(first.hash)
  here.push(next)
  expect(executor.eraAt(state, 5n)).toBe(next)
  expect(executor.eraAt(state, 4n)).toBe(first)
  expect(executor.eraAt(state, 5n)).toBe(next)
})
