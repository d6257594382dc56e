import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Bytes, concatBytes, type LogRecord, type RecordLog, writer } from '#primitives'
import { createMemoryStore, createStoreLog, openBucket, openFileLog, openJournal } from './index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aelf-log-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const record = (until: bigint, ...bytes: number[]): LogRecord => ({ until, bytes: Uint8Array.from(bytes) })
const files = async (): Promise<string[]> => (await readdir(folder)).sort().map((name) => join(folder, name))
const newest = async (): Promise<string> => (await files()).at(-1) ?? ''
/** As a later run finds it. */
const reopened = async (): Promise<readonly LogRecord[]> => {
  const log = await openFileLog(folder)
  try {
    return await log.read()
  } finally {
    await log.close()
  }
}
const records = fc.array(
  fc.record({ until: fc.bigInt({ min: 0n, max: 300n }), bytes: fc.uint8Array({ maxLength: 40 }) }),
  { minLength: 1, maxLength: 3 },
)
const plain = (list: readonly LogRecord[]): unknown => list.map(({ until, bytes }) => [until, [...bytes]])

describe('file log', () => {
  test('property: what was appended is read after any number of starts, in order, and wherever the last write broke off', async () => {
    const runs = fc.array(fc.array(records, { maxLength: 4 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(runs, fc.nat(), fc.boolean(), async (given, cut, isFilled) => {
        await rm(folder, { recursive: true, force: true })
        const expected: LogRecord[] = []
        for (const groups of given) {
          const log = await openFileLog(folder)
          expect(plain(await log.read())).toEqual(plain(expected))
          for (const group of groups) {
            await log.append(group)
            expected.push(...group)
          }
          await log.close()
        }
        const log = await openFileLog(folder)
        await log.read()
        await log.append([record(5n, 1, 2, 3)])
        const [path, whole] = [await newest(), await readFile(await newest())]
        // Its length has more than one byte.
        await log.append([{ until: 7n, bytes: new Uint8Array(300 + (cut % 700)).fill(9) }])
        await log.close()
        // A part of the last group; or all of its room, but not all that was put there.
        const full = await readFile(path)
        const kept = whole.length + (cut % (full.length - whole.length))
        await truncate(path, kept)
        if (isFilled) await truncate(path, full.length)
        expect(plain(await reopened())).toEqual(plain([...expected, record(5n, 1, 2, 3)]))
      }),
      { numRuns: 60 },
    )
  })

  test('error: what was acknowledged and changed since is found out', async () => {
    const log = await openFileLog(folder)
    await log.append([record(1n, 1, 2, 3)])
    await log.append([record(1n, 4)])
    await log.close()
    const path = await newest()
    const bytes = await readFile(path)
    bytes[20] = (bytes[20] ?? 0) ^ 1
    await writeFile(path, bytes)
    await expect(reopened()).rejects.toMatchObject({ code: 'store.corrupt', details: { path, at: 0 } })
  })

  test('behavior: files go when nothing in them is needed, and only then', async () => {
    const log = await openFileLog(folder)
    for (const until of [10n, 60n, 80n, 20n, 150n]) await log.append([record(until, Number(until))])
    // A file for the heights from 10, from 80 and from 150.
    expect(await files()).toHaveLength(3)
    await log.forget(60n)
    expect(await files()).toHaveLength(3)
    await log.forget(61n)
    expect(await files()).toHaveLength(2)
    await log.forget(200n)
    // The one that is written to stays.
    expect(await files()).toHaveLength(1)
    await log.close()
    expect(plain(await reopened())).toEqual(plain([record(150n, 150)]))
    const again = await openFileLog(folder)
    await again.read()
    await again.append([record(300n, 1)])
    await again.forget(151n)
    await again.close()
    expect(plain(await reopened())).toEqual(plain([record(300n, 1)]))
  })

  test('behavior: what was not read yet stays, whatever is forgotten', async () => {
    const log = await openFileLog(folder)
    await log.append([record(1n, 1)])
    await log.close()
    const again = await openFileLog(folder)
    await again.forget(1000n)
    expect(plain(await again.read())).toEqual(plain([record(1n, 1)]))
    await again.forget(1000n)
    expect(await files()).toEqual([])
    await again.close()
  })

  test('behavior: a large file is followed by another one', async () => {
    const log = await openFileLog(folder)
    const large = { until: 1n, bytes: new Uint8Array(6_000_000).fill(7) }
    for (let count = 0; count < 4; count += 1) await log.append([large])
    await log.close()
    expect(await files()).toHaveLength(2)
    expect((await reopened()).map(({ bytes }) => bytes.length)).toEqual([6e6, 6e6, 6e6, 6e6])
  })

  test('error: after a write that failed nothing is taken any more', async () => {
    const log = await openFileLog(folder)
    await log.append([record(1n, 1)])
    // The next file cannot be made.
    await rm(folder, { recursive: true })
    await expect(log.append([record(100n, 2)])).rejects.toMatchObject({ code: 'store.write' })
    await expect(log.append([record(1n, 3)])).rejects.toMatchObject({ code: 'store.write' })
    await log.close()
  })

  test('behavior: who is woken within a turn of the event loop comes before the first write', async () => {
    const log = await openFileLog(folder)
    const order: string[] = []
    setImmediate(() => order.push('woken'))
    await log.gather?.()
    order.push('write')
    expect(order).toEqual(['woken', 'write'])
    await log.close()
  })

  test('behavior: other files in the folder are left alone', async () => {
    await writeFile(join(folder, 'notes.txt'), 'mine')
    await appendFile(join(folder, '7.log'), 'not of twelve digits')
    const log = await openFileLog(folder)
    await log.append([record(1n, 1)])
    await log.forget(100n)
    await log.close()
    expect(await files()).toHaveLength(3)
  })

  test('error: a folder that cannot be had is told', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(openFileLog(join(folder, 'file'))).rejects.toMatchObject({ code: 'store.open' })
  })
})

describe('store log', () => {
  const open = (): { store: ReturnType<typeof createMemoryStore>; log: RecordLog } => {
    const store = createMemoryStore()
    return { store, log: createStoreLog(store) }
  }

  test('behavior: what was appended survives a power cut, over any starts, and goes by its height', async () => {
    const { store, log } = open()
    await log.append([record(90n, 1), record(300n, 2)])
    store.crash()
    const again = createStoreLog(store)
    expect(await again.read()).toHaveLength(2)
    await again.append([record(300n, 3)])
    store.crash()
    const third = createStoreLog(store)
    expect(plain(await third.read())).toEqual(plain([record(90n, 1), record(300n, 2), record(300n, 3)]))
    await third.forget(300n)
    expect(await third.read()).toHaveLength(2)
  })

  test('behavior: however much is forgotten, nothing of it stays', async () => {
    const { log } = open()
    for (let count = 0; count < 1000; count += 1) await log.append([record(count < 990 ? 90n : 300n, count & 255)])
    await log.forget(91n)
    expect(await log.read()).toHaveLength(10)
  })

  test('behavior: what former versions wrote, one envelope each, is read too, and goes in its time', async () => {
    const { store, log } = open()
    const envelope: Bytes = Uint8Array.of(7, 7)
    const key = concatBytes(writer().u64(90n).finish(), new Uint8Array(32))
    await store.write([{ put: [key, envelope] }], { sync: true })
    expect(await log.read()).toEqual([{ until: 90n, bytes: writer().bytes(envelope).finish() }])
    await log.forget(91n)
    expect(await log.read()).toEqual([])
  })
})

describe('journal', () => {
  test('behavior: what a store of a former version holds is moved, once', async () => {
    const store = createMemoryStore()
    await createStoreLog(openBucket(store, 'journal')).append([record(90n, 1), record(300n, 2)])
    const first = await openJournal(folder, store)
    expect(plain(await first.read())).toEqual(plain([record(90n, 1), record(300n, 2)]))
    await first.append([record(310n, 3)])
    await first.close()
    expect(await createStoreLog(openBucket(store, 'journal')).read()).toEqual([])
    const again = await openJournal(folder, store)
    expect(plain(await again.read())).toEqual(plain([record(90n, 1), record(300n, 2), record(310n, 3)]))
    await again.close()
  })
})
