import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bytes, LogRecord, RecordLog } from '#primitives'
import { Journal } from './journal.ts'

function memoryLog(): RecordLog & { records(): readonly LogRecord[]; writes(): number; failing: boolean } {
  let records: LogRecord[] = []
  let writes = 0
  return {
    failing: false,
    records: () => records,
    writes: () => writes,
    read: async () => records,
    async append(more) {
      writes += 1
      if (this.failing) throw new Error('disk full')
      records.push(...more)
    },
    async forget(height) {
      records = records.filter(({ until }) => until >= height)
    },
    close: async () => undefined,
  }
}

const envelope = (n: number, bytes = 4): Bytes => new Uint8Array(bytes).fill(n)
/** As a later run finds the journal. */
const reopened = async (log: RecordLog): Promise<Bytes[]> =>
  (await new Journal(log).load()).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))

describe('journal', () => {
  test('behavior: what finality has passed leaves it however much it is, the rest stays', async () => {
    const log = memoryLog()
    const journal = new Journal(log)
    for (let n = 0; n < 1000; n += 1)
      await journal.add([{ refHeight: n < 990 ? 90n : 300n, envelope: envelope(n & 255) }])
    await journal.clean(290n)
    expect(await new Journal(log).load()).toHaveLength(10)
  })

  test('behavior: who comes together shares one flush, and what is large has a record of its own', async () => {
    const log = memoryLog()
    const journal = new Journal(log)
    await Promise.all(Array.from({ length: 200 }, (_, n) => journal.add([{ refHeight: 1n, envelope: envelope(n) }])))
    expect([log.records().length, log.writes()]).toEqual([1, 1])
    await Promise.all([1, 2, 3].map((n) => journal.add([{ refHeight: 1n, envelope: envelope(n, 60_000) }])))
    expect([log.records().length, log.writes()]).toEqual([3, 2])
  })

  test('behavior: a record stays until the highest mark in it has expired', async () => {
    const log = memoryLog()
    const journal = new Journal(log)
    await Promise.all([
      journal.add([{ refHeight: 90n, envelope: envelope(1) }]),
      journal.add([{ refHeight: 300n, envelope: envelope(2) }]),
    ])
    await journal.clean(290n)
    expect(await reopened(log)).toEqual([envelope(1), envelope(2)])
    await journal.clean(365n)
    expect(log.records()).toEqual([])
  })

  test('error: a write that fails is refused for all that share it, and the next one works', async () => {
    const log = memoryLog()
    const journal = new Journal(log)
    log.failing = true
    const refused = await Promise.allSettled([
      journal.add([{ refHeight: 1n, envelope: envelope(1) }]),
      journal.add([{ refHeight: 1n, envelope: envelope(2) }]),
    ])
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    log.failing = false
    await journal.add([{ refHeight: 1n, envelope: envelope(3) }])
    expect(await reopened(log)).toEqual([envelope(3)])
  })

  test('property: nothing acknowledged is lost over any restarts', async () => {
    const groups = fc.array(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 6 }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(groups, async (runs) => {
        const log = memoryLog()
        const expected: number[] = []
        for (const heights of runs) {
          const journal = new Journal(log)
          await journal.load()
          await Promise.all(
            heights.map((height, n) =>
              journal.add([{ refHeight: BigInt(height), envelope: envelope(expected.push(n) & 255) }]),
            ),
          )
        }
        expect(await new Journal(log).load()).toHaveLength(expected.length)
      }),
    )
  })
})
