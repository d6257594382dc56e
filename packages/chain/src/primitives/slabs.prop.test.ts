import fc from 'fast-check'
import { expect, it } from 'vitest'
import { writer } from './codec.ts'
import { Slabs } from './slabs.ts'

const SLAB = 64
const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 60 })

it('gives nobody what somebody else has, and no more room than was asked for', () => {
  fc.assert(
    fc.property(pieces, (values) => {
      const slabs = new Slabs(SLAB)
      const copies = values.map((value) => slabs.copy(Uint8Array.of(...value, 9, 9), value.length))
      for (const [index, copy] of copies.entries()) expect(copy).toEqual(new Uint8Array(values[index] as Uint8Array))
      for (const [index, copy] of copies.entries()) copy.fill(index)
      for (const [index, copy] of copies.entries()) expect(copy.every((byte) => byte === index)).toBe(true)
    }),
  )
})

it('keeps a slab for what stays, or just the value where that is long', () => {
  fc.assert(
    fc.property(pieces, (values) => {
      const slabs = new Slabs(SLAB)
      for (const { length } of values) {
        const { buffer } = slabs.take(length)
        expect(buffer.byteLength).toBe(4 * length > SLAB ? length : SLAB)
      }
    }),
  )
})

it('holds what a writer finishes there, whatever it writes afterwards', () => {
  fc.assert(
    fc.property(pieces, (values) => {
      const slabs = new Slabs(1024)
      const finished = values.map((value) => {
        const out = writer().bytes(value)
        const before = out.finish(slabs)
        expect(out.u8(7).finish(slabs)).toEqual(Uint8Array.of(...before, 7))
        return before
      })
      for (const [index, bytes] of finished.entries())
        expect(bytes).toEqual(
          writer()
            .bytes(values[index] as Uint8Array)
            .finish(),
        )
    }),
  )
})
