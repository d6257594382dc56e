import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bytes, concatBytes, type KeyValue, type KvOp, writer } from '#primitives'
import { Journal } from './journal.ts'

function memoryStore(): KeyValue & { size(): number; writes(): number; failing: boolean } {
  let writes = 0
  const entries = new Map<string, readonly [Bytes, Bytes]>()
  const name = (key: Bytes): string => String.fromCharCode(...key)
  return {
    failing: false,
    size: () => entries.size,
    writes: () => writes,
    get: async (key) => entries.get(name(key))?.[1],
    getMany: async (keys) => keys.map((key) => entries.get(name(key))?.[1]),
    async write(ops: readonly KvOp[]) {
      writes += 1
      if (this.failing) throw new Error('disk full')
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

const envelope = (n: number, bytes = 4): Bytes => new Uint8Array(bytes).fill(n)
/** As a later run finds the journal. */
const reopened = async (store: KeyValue): Promise<Bytes[]> =>
  (await new Journal(store).load()).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))

describe('journal', () => {
  test('behavior: what finality has passed leaves it however much it is, the rest stays', async () => {
    const store = memoryStore()
    const journal = new Journal(store)
    for (let n = 0; n < 1000; n += 1)
      await journal.add([{ refHeight: n < 990 ? 90n : 300n, envelope: envelope(n & 255) }])
    await journal.clean(290n)
    expect(await new Journal(store).load()).toHaveLength(10)
  })

  test('behavior: who comes together shares one flush, and what is large has a record of its own', async () => {
    const store = memoryStore()
    const journal = new Journal(store)
    await Promise.all(Array.from({ length: 200 }, (_, n) => journal.add([{ refHeight: 1n, envelope: envelope(n) }])))
    expect([store.size(), store.writes()]).toEqual([1, 1])
    await Promise.all([1, 2, 3].map((n) => journal.add([{ refHeight: 1n, envelope: envelope(n, 60_000) }])))
    expect([store.size(), store.writes()]).toEqual([3, 2])
  })

  test('behavior: a record stays until the highest mark in it has expired', async () => {
    const store = memoryStore()
    const journal = new Journal(store)
    await Promise.all([
      journal.add([{ refHeight: 90n, envelope: envelope(1) }]),
      journal.add([{ refHeight: 300n, envelope: envelope(2) }]),
    ])
    await journal.clean(290n)
    expect(await reopened(store)).toEqual([envelope(1), envelope(2)])
    await journal.clean(365n)
    expect(store.size()).toBe(0)
  })

  test('behavior: what former versions wrote comes back too, and leaves in its time', async () => {
    const store = memoryStore()
    const key = concatBytes(writer().u64(90n).finish(), new Uint8Array(32))
    await store.write([{ put: [key, envelope(7)] }], { sync: true })
    expect(await reopened(store)).toEqual([envelope(7)])
    await new Journal(store).clean(290n)
    expect(store.size()).toBe(0)
  })

  test('error: a write that fails is refused for all that share it, and the next one works', async () => {
    const store = memoryStore()
    const journal = new Journal(store)
    store.failing = true
    const refused = await Promise.allSettled([
      journal.add([{ refHeight: 1n, envelope: envelope(1) }]),
      journal.add([{ refHeight: 1n, envelope: envelope(2) }]),
    ])
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    store.failing = false
    await journal.add([{ refHeight: 1n, envelope: envelope(3) }])
    expect(await reopened(store)).toEqual([envelope(3)])
  })

  test('property: nothing acknowledged is lost over any restarts', async () => {
    const groups = fc.array(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 6 }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(groups, async (runs) => {
        const store = memoryStore()
        const expected: number[] = []
        for (const heights of runs) {
          const journal = new Journal(store)
          await journal.load()
          await Promise.all(
            heights.map((height, n) =>
              journal.add([{ refHeight: BigInt(height), envelope: envelope(expected.push(n) & 255) }]),
            ),
          )
        }
        expect(await new Journal(store).load()).toHaveLength(expected.length)
      }),
    )
  })
})
