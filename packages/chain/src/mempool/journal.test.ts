import { expect, test } from 'vitest'
import { type Bytes, bytesToHash, type KeyValue, type KvOp } from '#primitives'
import { Journal } from './journal.ts'

function memoryStore(): KeyValue & { size(): number } {
  const entries = new Map<string, readonly [Bytes, Bytes]>()
  const name = (key: Bytes): string => String.fromCharCode(...key)
  return {
    size: () => entries.size,
    get: async (key) => entries.get(name(key))?.[1],
    write: async (ops: readonly KvOp[]) => {
      for (const op of ops) 'put' in op ? entries.set(name(op.put[0]), op.put) : entries.delete(name(op.del))
    },
    range: async ({ gte, lt, limit }) =>
      [...entries]
        .filter(([key]) => key >= name(gte) && key < name(lt))
        .slice(0, limit ?? entries.size)
        .map(([, [key, value]]) => [key, value]),
    close: async () => undefined,
  }
}

test('behavior: what finality has passed leaves the journal however much it is, the rest stays', async () => {
  const store = memoryStore()
  const journal = new Journal(store)
  for (let n = 0; n < 5000; n += 1) {
    const id = bytesToHash(Uint8Array.of(...new Uint8Array(30), n >> 8, n & 255))
    await journal.add(n < 4990 ? 90n : 300n, id, Uint8Array.of(1))
  }
  await journal.clean(290n)
  expect(store.size()).toBe(10)
})
