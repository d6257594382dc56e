import { assert, type Bytes, bytesToHash, type Hash, hexToBytes, isqrt, taggedHashBytes, writer } from '#primitives'
import { chainHash } from './order.ts'

/** Values made between two pauses. */
const GROWTH = 500

/** A producer's secret in-values. Value 0 is the public commitment; each later value hashes to the one before it. */
export interface RevealChain {
  /** How many values can be revealed. */
  readonly length: number
  readonly commitment: Hash
  /** Position of a value, 0 for the commitment; undefined when it is not of this chain. Costs up to the whole chain. */
  indexOf(value: Hash): number | undefined
  /** The value to reveal after `anchor`; undefined when there is none or the anchor is not of this chain. */
  preimageOf(anchor: Hash): Hash | undefined
  /** How many values can still be revealed after `anchor`. */
  remaining(anchor: Hash): number
}

/**
 * Makes a chain of `length` values (up to 2^24) that depends on `seed` alone, and yields now and then, because a long one takes
 * longer than a slot. Keeps about 2·√length values in memory; walking the chain in order costs two hashes a value. The seed is a
 * secret of the producer.
 */
export function* growRevealChain(seed: Bytes, length: number): Generator<undefined, RevealChain> {
  assert(Number.isInteger(length) && length >= 1 && length <= 1 << 24, 'a hash chain has 1 to 2^24 values')
  const step = Number(isqrt(BigInt(length))) + 1
  // Segment s holds values s·step … (s+1)·step; its checkpoint is the last of them, from which hashing leads down.
  const checkpoints = new Map<number, Bytes>()
  let value = taggedHashBytes('aelf/reveal-seed/1', seed)
  for (let index = length; index > 0; index--) {
    if (index === length || index % step === 0) checkpoints.set(index, value)
    value = chainHash(value)
    if (index % GROWTH === 0) yield
  }
  const commitment = bytesToHash(value)
  const segments = (length + step - 1 - ((length + step - 1) % step)) / step
  let held: { segment: number; values: readonly Hash[]; position: ReadonlyMap<Hash, number> } | undefined

  const open = (segment: number): NonNullable<typeof held> => {
    if (held?.segment === segment) return held
    const low = segment * step
    const high = low + step < length ? low + step : length
    let current = checkpoints.get(high) as Bytes
    const values = new Array<Hash>(high - low + 1)
    for (let index = high; index >= low; index--) {
      values[index - low] = bytesToHash(current)
      current = chainHash(current)
    }
    held = { segment, values, position: new Map(values.map((one, index) => [one, low + index])) }
    return held
  }
  const indexOf = (wanted: Hash): number | undefined => {
    const start = held?.segment ?? 0
    for (let offset = 0; offset < segments; offset++) {
      const found = open((start + offset) % segments).position.get(wanted)
      if (found !== undefined) return found
    }
    return undefined
  }
  const preimageOf = (anchor: Hash): Hash | undefined => {
    const index = indexOf(anchor)
    if (index === undefined || index === length) return undefined
    const segment = (index - (index % step)) / step
    const { values } = open(segment)
    return values[index + 1 - segment * step]
  }
  const remaining = (anchor: Hash): number => {
    const index = indexOf(anchor)
    return index === undefined ? 0 : length - index
  }
  return { length, commitment, indexOf, preimageOf, remaining }
}

/** `growRevealChain` at once. */
export function createRevealChain(seed: Bytes, length: number): RevealChain {
  return finished(growRevealChain(seed, length))
}

/** The chain that a growth leads to, without a pause. */
export function finished(growth: Generator<undefined, RevealChain>): RevealChain {
  for (;;) {
    const step = growth.next()
    if (step.done === true) return step.value
  }
}

/** Grows a producer's chains by number: 0 is the one it registered with. */
export type RevealSource = (index: number) => Generator<undefined, RevealChain>

/** Every chain a producer will ever need, from its secret alone, so that nothing but the key has to be kept. */
export function createRevealSource(seed: Bytes, length: number): RevealSource {
  return (index) => {
    const own = index === 0 ? seed : taggedHashBytes('aelf/reveal-chain/1', seed, writer().u32(index).finish())
    return growRevealChain(own, length)
  }
}

/** True when `value` is what may be revealed after `anchor`. */
export function isPreimage(value: Hash, anchor: Hash): boolean {
  return bytesToHash(chainHash(hexToBytes(value))) === anchor
}
