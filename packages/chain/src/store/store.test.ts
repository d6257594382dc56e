import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { KeyValue, KvOp } from '#primitives'
import {
  createGroupCommit,
  createMemoryStore,
  openBucket,
  openCheckedStore,
  openLevelStore,
  openNamespace,
} from './index.ts'

const directories: string[] = []
afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true, force: true })
})

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'aelf-store-'))
  directories.push(directory)
  return directory
}

const key = (...bytes: number[]): Uint8Array => Uint8Array.of(...bytes)
const put = (k: Uint8Array, v: number): KvOp => ({ put: [k, key(v)] })
const numbers = (entries: [Uint8Array, Uint8Array][]): number[][] => entries.map(([k, v]) => [...k, ...v])

const stores: [string, () => Promise<KeyValue>][] = [
  ['memory', async () => createMemoryStore()],
  ['level', async () => openLevelStore(await temporary())],
  ['level, checked', async () => openCheckedStore(await openLevelStore(await temporary()))],
  ['level behind group commit', async () => createGroupCommit(await openLevelStore(await temporary()))],
]

describe.each(stores)('%s', (_name, open) => {
  test('default: reads back, orders by bytes, deletes', async () => {
    const store = await open()
    await store.write([put(key(2), 1), put(key(1, 255), 2), put(key(1), 3)], { sync: true })
    await store.write([put(key(255), 4), { del: key(2) }], { sync: false })
    expect(await store.get(key(2))).toBeUndefined()
    expect(numbers(await store.range({ gte: key(), lt: key(255) }))).toEqual([
      [1, 3],
      [1, 255, 2],
    ])
    expect(numbers(await store.range({ gte: key(1), lt: key(255, 1), reverse: true, limit: 1 }))).toEqual([[255, 4]])
    await store.close()
  })

  test('default: reads many in the order of the keys, also through a bucket', async () => {
    const store = await open()
    const bucket = openBucket(store, 'ledger')
    await bucket.write([put(key(2), 1), put(key(1, 255), 2), put(key(1), 3)], { sync: true })
    const found = await bucket.getMany([key(1), key(7), key(2), key(1), key(1, 255)])
    expect(found.map((value) => value && [...value])).toEqual([[3], undefined, [1], [3], [2]])
    expect(await bucket.getMany([])).toEqual([])
    await store.close()
  })

  test('behavior: a bucket and a namespace see only their own keys', async () => {
    const store = await open()
    const one = openBucket(openNamespace(store, 0), 'ledger')
    const two = openBucket(openNamespace(store, 1), 'ledger')
    await Promise.all([
      one.write([put(key(9), 1)], { sync: true }),
      two.write([put(key(9), 2)], { sync: true }),
      openBucket(openNamespace(store, 0), 'signer').write([put(key(9), 3)], { sync: true }),
    ])
    expect(numbers(await one.range({ gte: key(0), lt: key(255) }))).toEqual([[9, 1]])
    expect(await two.get(key(9))).toEqual(key(2))
    // Namespace, bucket, key: as they have always been on disks.
    expect(numbers(await store.range({ gte: key(0, 0), lt: key(0, 2) }))).toEqual([
      [0, 0, 1, 9, 1],
      [0, 0, 3, 9, 3],
      [0, 1, 1, 9, 2],
    ])
    await store.close()
  })
})

test('behavior: level keeps what was written after it is opened again, and refuses a second owner', async () => {
  const directory = await temporary()
  const first = await openLevelStore(directory)
  await first.write([put(key(1), 7)], { sync: true })
  await expect(openLevelStore(directory)).rejects.toMatchObject({ code: 'store.open' })
  await first.close()
  const second = await openLevelStore(directory)
  expect(await second.get(key(1))).toEqual(key(7))
  await second.write([], { sync: true })
  await second.close()
  await expect(second.write([put(key(2), 7)], { sync: true })).rejects.toMatchObject({ code: 'store.write' })
})

describe('checked', () => {
  test('error: other bytes than were written, in part or at another place, are not believed', async () => {
    const inner = createMemoryStore()
    const store = await openCheckedStore(inner)
    await store.write([put(key(1), 7), put(key(2), 7), { put: [key(3), new Uint8Array(0)] }], { sync: true })
    expect(await store.get(key(1))).toEqual(key(7))
    expect(await store.get(key(3))).toEqual(new Uint8Array(0))
    const stored = (await inner.get(key(1))) ?? key()
    const spoilt = (at: number): Uint8Array => stored.map((byte, index) => (index === at ? byte ^ 1 : byte))
    const wrong = [...stored.keys()].map(spoilt).concat(stored.slice(0, -1), key(), (await inner.get(key(2))) ?? key())
    for (const bytes of wrong) {
      await inner.write([{ put: [key(1), bytes] }], { sync: true })
      await expect(store.get(key(1))).rejects.toMatchObject({ code: 'store.corrupt' })
      await expect(store.range({ gte: key(0), lt: key(9) })).rejects.toMatchObject({ code: 'store.corrupt' })
    }
    expect(wrong).toHaveLength(stored.length + 3)
    // Opened again, it is still checked.
    await expect((await openCheckedStore(inner)).get(key(1))).rejects.toMatchObject({ code: 'store.corrupt' })
  })

  test('behavior: a store from before there were checks is read as it is', async () => {
    const inner = createMemoryStore()
    await inner.write([put(key(1), 7)], { sync: true })
    const store = await openCheckedStore(inner)
    expect(await store.get(key(1))).toEqual(key(7))
  })
})

test('behavior: a crash loses unsynced batches whole and in order, never synced ones', async () => {
  const store = createMemoryStore()
  await store.write([put(key(1), 1)], { sync: true })
  await store.write([put(key(2), 2), put(key(3), 3)], { sync: false })
  await store.write([put(key(4), 4)], { sync: false })
  expect(await store.get(key(4))).toEqual(key(4))
  store.crash(1)
  expect(numbers(await store.range({ gte: key(0), lt: key(255) }))).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ])
  await store.write([put(key(5), 5)], { sync: false })
  await store.write([put(key(6), 6)], { sync: true })
  store.crash()
  expect(numbers(await store.range({ gte: key(5), lt: key(255) }))).toEqual([
    [5, 5],
    [6, 6],
  ])
})

test('behavior: group commit joins concurrent writers and reports a failure to each of them', async () => {
  const batches: number[] = []
  const inner = createMemoryStore()
  let fail = false
  const store = createGroupCommit({
    ...inner,
    async write(ops, options) {
      if (fail) throw new Error('disk full')
      batches.push(ops.length)
      await inner.write(ops, options)
    },
  })
  await Promise.all([1, 2, 3].map((n) => store.write([put(key(n), n)], { sync: true })))
  expect(batches).toEqual([3])
  fail = true
  const results = await Promise.allSettled([4, 5].map((n) => store.write([put(key(n), n)], { sync: true })))
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected'])
})
