import type { Header } from '#kernel'
import {
  type Address,
  type Bytes,
  bytesToAddress,
  bytesToHash,
  type Hash,
  hexToBytes,
  reader,
  writer,
} from '#primitives'
import { dposError } from './errors.ts'
import { MAX_PRODUCERS } from './params.ts'

/** What a DPoS header says besides the fields every header has. */
export interface DposHeaderData {
  readonly round: bigint
  readonly term: number
  /** The in-value of a regular block; the zero hash in an extra block. */
  readonly reveal: Hash
  /** Highest prevoted height implied by the headers up to the parent. */
  readonly prevotedHeight: bigint
  /** Highest height this producer made a block for before, on any fork; 0 for its first. */
  readonly generatedHeight: bigint
  /** Commitment to the next term's list, or the zero hash. */
  readonly nextProducers: Hash
  /** Producers this block's execution evicted, ascending. */
  readonly evicted: readonly Address[]
}

/** One encoding per value; at most 2,652 bytes. */
export function encodeHeaderData(data: DposHeaderData): Bytes {
  const out = writer()
    .u64(data.round)
    .u32(data.term)
    .fixed(hexToBytes(data.reveal))
    .u64(data.prevotedHeight)
    .u64(data.generatedHeight)
    .fixed(hexToBytes(data.nextProducers))
    .u8(data.evicted.length)
  for (const address of data.evicted) out.fixed(hexToBytes(address))
  return out.finish()
}

/** Throws `dpos.malformed`. */
export function decodeHeaderData(bytes: Bytes): DposHeaderData {
  try {
    const input = reader(bytes)
    const round = input.u64()
    const term = input.u32()
    const reveal = bytesToHash(input.fixed(32))
    const prevotedHeight = input.u64()
    const generatedHeight = input.u64()
    const nextProducers = bytesToHash(input.fixed(32))
    const count = input.u8()
    if (count > MAX_PRODUCERS) throw dposError('malformed', { evicted: count })
    const evicted = Array.from({ length: count }, () => bytesToAddress(input.fixed(20)))
    input.end()
    return { round, term, reveal, prevotedHeight, generatedHeight, nextProducers, evicted }
  } catch (cause) {
    throw dposError('malformed', { length: bytes.length }, cause)
  }
}

/** Headers are never changed, and are asked for what they say many times on their way into a chain. */
const known = new WeakMap<Bytes, DposHeaderData>()

/** As `decodeHeaderData` of what a header carries. */
export function headerDataOf({ consensus }: Pick<Header, 'consensus'>): DposHeaderData {
  const seen = known.get(consensus)
  if (seen !== undefined) return seen
  const data = decodeHeaderData(consensus)
  known.set(consensus, data)
  return data
}
