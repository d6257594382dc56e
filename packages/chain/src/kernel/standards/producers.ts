import {
  asAddress,
  asHash,
  type Bytes,
  bytesToAddress,
  bytesToHash,
  CodecError,
  type Hash,
  hexToBytes,
  reader,
  taggedHash,
  writer,
} from '#primitives'
import type { ProducerEntry } from './index.ts'

export const MAX_PRODUCERS = 4096

/** u32 count, then address (20) and commitment (32) each. */
export function encodeProducers(producers: readonly ProducerEntry[]): Bytes {
  const out = writer().u32(producers.length)
  for (const producer of producers)
    out.fixed(hexToBytes(asAddress(producer.address))).fixed(hexToBytes(asHash(producer.commitment)))
  return out.finish()
}

/** Inverse of `encodeProducers`. Throws `CodecError`. */
export function decodeProducers(bytes: Bytes): ProducerEntry[] {
  const input = reader(bytes)
  const count = input.u32()
  if (count > MAX_PRODUCERS) throw new CodecError('codec.limit', 'more than 4096 producers', { details: { count } })
  const producers: ProducerEntry[] = []
  for (let index = 0; index < count; index++) {
    producers.push({ address: bytesToAddress(input.fixed(20)), commitment: bytesToHash(input.fixed(32)) })
  }
  input.end()
  return producers
}

/** Hash a header commits to when it carries a list of producers. */
export function producersHash(producers: readonly ProducerEntry[]): Hash {
  return taggedHash('aelf/producers/1', encodeProducers(producers))
}
