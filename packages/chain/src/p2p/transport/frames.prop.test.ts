import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, type Frame, FrameReader } from './frames.ts'
import { GossipMeter } from './gossipMeter.ts'

const limit = (type: number): number | undefined => (type < 200 ? 1000 : undefined)
const anyFrame = fc.record({ type: fc.nat(199), body: fc.uint8Array({ maxLength: 300 }) })

/** The same bytes, cut at the given places. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length))
}

const joined = (frames: readonly Frame[]): Uint8Array =>
  Uint8Array.from(frames.flatMap(({ type, body }) => [...encodeFrame(type, body)]))

describe('frames', () => {
  test('property: come out whole however the stream is cut [P2P-FRAME-1]', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 8 }), (frames, cuts) => {
        const reader = new FrameReader(limit)
        expect(pieces(joined(frames), cuts).flatMap((piece) => reader.push(piece))).toEqual(frames)
        expect(reader.pending()).toBe(0)
      }),
    )
  })

  test('behavior: every single cut, and byte by byte [P2P-FRAME-1]', () => {
    const frames = [
      { type: 1, body: Uint8Array.of() },
      { type: 7, body: Uint8Array.of(1, 2, 3) },
    ]
    const bytes = joined(frames)
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const reader = new FrameReader(limit)
      expect([bytes.subarray(0, cut), bytes.subarray(cut)].flatMap((piece) => reader.push(piece))).toEqual(frames)
    }
    const reader = new FrameReader(limit)
    expect([...bytes].flatMap((byte) => reader.push(Uint8Array.of(byte)))).toEqual(frames)
  })

  test('property: arbitrary bytes give frames within the limit, a coded error, or a wait for more [P2P-FRAME-2]', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), (chunks) => {
        const reader = new FrameReader(limit)
        try {
          for (const chunk of chunks) for (const { body } of reader.push(chunk)) expect(body.length).toBeLessThan(1001)
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^transport\.frame(TooLarge|Malformed)$/) })
        }
      }),
    )
  })

  test('error: a bad length is known before memory is taken for it [P2P-FRAME-2]', () => {
    const header = Uint8Array.of(255, 255, 255, 255, 1)
    const reader = new FrameReader(limit)
    const before = process.memoryUsage().arrayBuffers
    expect(reader.push(header)).toEqual([])
    expect(() => reader.push(Uint8Array.of(0))).toThrow(expect.objectContaining({ code: 'transport.frameTooLarge' }))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
    expect(() => new FrameReader(limit).push(Uint8Array.of(0, 0, 0, 0, 1))).toThrow(
      expect.objectContaining({ code: 'transport.frameMalformed' }),
    )
    expect(() => new FrameReader(limit).push(Uint8Array.of(0, 0, 0, 1, 250))).toThrow(
      expect.objectContaining({ code: 'transport.frameMalformed' }),
    )
  })

  test('behavior: memory for a half frame follows what has arrived [P2P-FRAME-2]', () => {
    const before = process.memoryUsage().arrayBuffers
    const half = new Uint8Array(1000)
    half.set([64, 0, 0, 0, 1])
    const readers = Array.from({ length: 8 }, () => new FrameReader(() => 2 ** 31))
    for (const reader of readers) reader.push(half)
    expect(readers.map((reader) => reader.pending())).toEqual(readers.map(() => 1000))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  })
})

describe('the meter of gossip', () => {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))]

  test('property: counts frames however the stream is cut [P2P-GOSSIP-3]', () => {
    const lengths = fc.array(fc.nat(400), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(lengths, fc.array(fc.nat(), { maxLength: 8 }), (sizes, cuts) => {
        const bytes = Uint8Array.from(sizes.flatMap((size) => [...varint(size), ...new Array(size).fill(255)]))
        const meter = new GossipMeter()
        const counts = pieces(bytes, cuts).map((piece) => meter.frames(piece) ?? Number.NaN)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(sizes.length)
      }),
    )
  })

  test('error: a length above the limit [P2P-GOSSIP-3]', () => {
    expect(new GossipMeter().frames(Uint8Array.of(255, 255, 255, 255, 127))).toBeUndefined()
    expect(new GossipMeter().frames(Uint8Array.of(128, 128, 128, 128, 128, 128))).toBeUndefined()
  })
})
