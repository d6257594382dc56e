import { expect, test } from 'vitest'
import type { PoolEntry } from '#mempool'
import { type Bytes, ZERO_HASH } from '#primitives'
import type { NodeParts } from './compose.ts'
import { NodeError } from './errors.ts'
import { createNodeApi } from './nodeApi.ts'

test('behavior: what is offered to the network is what the pool holds, not a copy somebody sent again', async () => {
  const held = Uint8Array.of(1)
  const entry = { id: ZERO_HASH, transaction: {}, envelope: held, fee: 0n, arrival: 0n, isOwn: false }
  const parts = {
    ports: {},
    mempool: { addAll: async () => [{ entry }] },
    events: { emit: () => undefined },
    standing: { assertAccepting: () => undefined },
  }
  const offered: Bytes[] = []
  const publish = ({ envelope }: PoolEntry): void => void offered.push(envelope)
  const api = createNodeApi(parts as unknown as NodeParts, { publish, warnings: () => [] })
  expect(await api.submit(Uint8Array.of(2))).toBe(ZERO_HASH)
  expect(offered).toEqual([held])
})

test('error: a node that suspects its own chain takes nothing in', async () => {
  const refused = new NodeError('node.suspended', 'This node may be on a fork')
  const parts = {
    ports: {},
    mempool: { addAll: () => Promise.reject(new Error('the pool was asked')) },
    standing: {
      assertAccepting: () => {
        throw refused
      },
    },
  }
  const api = createNodeApi(parts as unknown as NodeParts, { publish: () => undefined, warnings: () => [] })
  await expect(api.submit(Uint8Array.of(2))).rejects.toBe(refused)
})
