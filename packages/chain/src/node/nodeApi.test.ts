import { expect, test } from 'vitest'
import { type Bytes, ZERO_HASH } from '#primitives'
import type { NodeParts } from './compose.ts'
import { createNodeApi } from './nodeApi.ts'

test('behavior: what is offered to the network is what the pool holds, not a copy somebody sent again', async () => {
  const held = Uint8Array.of(1)
  const entry = { id: ZERO_HASH, transaction: {}, envelope: held, fee: 0n, arrival: 0n }
  const parts = { ports: {}, mempool: { add: async () => entry }, events: { emit: () => undefined } }
  const offered: Bytes[] = []
  const publish = (_id: unknown, envelope: Bytes): void => void offered.push(envelope)
  const api = createNodeApi(parts as unknown as NodeParts, { publish, warnings: () => [] })
  expect(await api.submit(Uint8Array.of(2))).toBe(ZERO_HASH)
  expect(offered).toEqual([held])
})
