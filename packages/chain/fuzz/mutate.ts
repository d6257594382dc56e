import type { Bytes, Prng } from '#primitives'

/** Values that lengths and counts break at. */
const EDGES: readonly number[] = [0, 1, 2, 127, 128, 255, 256, 511, 512, 513, 0x7fff, 0x8000, 0xffff, 0x10000]
const WIDE_EDGES: readonly number[] = [...EDGES, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]

type Mutation = (prng: Prng, bytes: Bytes, other: Bytes) => Bytes

const joined = (...parts: readonly Bytes[]): Bytes => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
const placeIn = (prng: Prng, bytes: Bytes): number => prng.int(bytes.length + 1)

/** Most mistakes sit where lengths and kinds are: near the start. */
function placeOfField(prng: Prng, bytes: Bytes, width: number): number {
  const room = Math.max(bytes.length - width, 0)
  return prng.bool() ? prng.int(room + 1) : prng.int(Math.min(room, 48) + 1)
}

const mutations: readonly Mutation[] = [
  function flipBits(prng, bytes) {
    const out = bytes.slice()
    for (let count = 1 + prng.int(8); count > 0 && out.length > 0; count -= 1) {
      const at = prng.int(out.length)
      out[at] = (out[at] ?? 0) ^ (1 << prng.int(8))
    }
    return out
  },
  function setByte(prng, bytes) {
    const out = bytes.slice()
    if (out.length > 0) out[placeOfField(prng, out, 1)] = prng.pick([0, 1, 2, 0x7f, 0x80, 0xff, prng.int(256)])
    return out
  },
  function truncate(prng, bytes) {
    return bytes.slice(0, placeIn(prng, bytes))
  },
  function cutLast(_prng, bytes) {
    return bytes.slice(0, Math.max(bytes.length - 1, 0))
  },
  function extend(prng, bytes) {
    return joined(bytes, prng.bytes(1 + prng.int(40)))
  },
  function setShort(prng, bytes) {
    const out = bytes.slice()
    if (out.length < 2) return out
    new DataView(out.buffer).setUint16(placeOfField(prng, out, 2), prng.pick(EDGES) & 0xffff)
    return out
  },
  function setLong(prng, bytes) {
    const out = bytes.slice()
    if (out.length < 4) return out
    new DataView(out.buffer).setUint32(placeOfField(prng, out, 4), prng.pick(WIDE_EDGES))
    return out
  },
  function setHuge(prng, bytes) {
    const out = bytes.slice()
    if (out.length < 8) return out
    const value = prng.pick([0n, 1n, (1n << 53n) - 1n, 1n << 53n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n])
    new DataView(out.buffer).setBigUint64(placeOfField(prng, out, 8), value)
    return out
  },
  function repeatPart(prng, bytes) {
    const from = placeIn(prng, bytes)
    const to = Math.min(bytes.length, from + 1 + prng.int(128))
    return joined(bytes.slice(0, to), bytes.slice(from))
  },
  function dropPart(prng, bytes) {
    const from = placeIn(prng, bytes)
    return joined(bytes.slice(0, from), bytes.slice(Math.min(bytes.length, from + 1 + prng.int(64))))
  },
  function splice(prng, bytes, other) {
    return joined(bytes.slice(0, placeIn(prng, bytes)), other.slice(placeIn(prng, other)))
  },
  function insert(prng, bytes) {
    const at = placeIn(prng, bytes)
    return joined(bytes.slice(0, at), prng.bytes(1 + prng.int(16)), bytes.slice(at))
  },
]

/** Bytes close to valid ones: one to three small damages. */
export function mutate(prng: Prng, bytes: Bytes, other: Bytes): Bytes {
  let out = bytes
  for (let count = 1 + prng.int(3); count > 0; count -= 1) out = prng.pick(mutations)(prng, out, other)
  return out
}
