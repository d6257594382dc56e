import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bytes, bytesToHash, CodecError, type Hash, hexToBytes, writer } from '#primitives'
import { decodeRecord, eachChange, encodeRecord } from './records.ts'

const summary = { evicted: [] }

function changesIn(bytes: Bytes): Map<Hash, Bytes | null> {
  const changes = new Map<Hash, Bytes | null>()
  eachChange(bytes, (path, changed) => void changes.set(bytesToHash(path), changed))
  return changes
}

const value = fc.oneof(
  fc.constant(null),
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ minLength: 250, maxLength: 300 }),
  // Amounts, and what has nothing but zeros.
  fc
    .tuple(fc.nat(40), fc.uint8Array({ maxLength: 8 }))
    .map(([zeros, rest]) => Uint8Array.of(...new Uint8Array(zeros), ...rest)),
)
const changes = fc.uniqueArray(
  fc.record({ path: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHash), value, before: value }),
  { selector: ({ path }) => path, maxLength: 12 },
)

test('behavior: what a block changed is read as it was written', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const diff = new Map(all.map((one) => [one.path, one.value]))
      const undo = new Map<Hash, Bytes | null>(all.map((one) => [one.path, one.before]))
      const bytes = encodeRecord({ receipts: [], diff, summary }, { get: (path) => undo.get(path) ?? undefined })
      expect(decodeRecord(bytes)).toEqual({ receipts: [], diff, undo, summary })
      expect(changesIn(bytes)).toEqual(diff)
    }),
  )
})

test('behavior: records of older versions, which have every value whole, are read', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const out = writer().u32(0).u32(all.length)
      for (const one of all) {
        out.fixed(hexToBytes(one.path))
        for (const each of [one.value, one.before]) each === null ? out.u8(0) : out.u8(1).bytes(each)
      }
      const bytes = out.u8(0).u16(0).finish()
      const record = decodeRecord(bytes)
      expect(changesIn(bytes)).toEqual(record.diff)
      expect(record.diff).toEqual(new Map(all.map((one) => [one.path, one.value])))
      expect(record.undo).toEqual(new Map(all.map((one) => [one.path, one.before])))
    }),
  )
})

test('error: a value of another form, or with more zeros than bytes, is none', () => {
  const path = new Uint8Array(32)
  for (const broken of [
    [3, 1, 0, 9],
    [2, 1, 2],
  ]) {
    const bytes = writer()
      .u32(0)
      .u32(1)
      .fixed(path)
      .fixed(Uint8Array.of(...broken))
      .u8(0)
      .u8(0)
      .u16(0)
      .finish()
    expect(() => decodeRecord(bytes)).toThrow(CodecError)
  }
})
