import { decodeHeaderEntry, MAX_BLOCK_BYTES } from '#kernel'
import type { Ledger } from '#ledger'
import type { Bytes, Hash } from '#primitives'
import { HEADER_ANSWER_BYTES } from './limits.ts'

/** An answer that has this much takes no more blocks. */
const ANSWER_BYTES: number = MAX_BLOCK_BYTES / 2

/** Headers that are read together for an answer; most have half a kilobyte. */
const HEADERS_AT_ONCE = 128

/** Heights a locator goes through, besides the irreversible one and genesis. */
const LOCATOR_STEPS = 40

type Stored = Pick<Ledger<unknown, never>, 'head' | 'hashAt' | 'encoded' | 'headersFrom'>

/** What a peer asks for: what comes after the first hash of the locator that is known here. */
export interface RangeQuestion {
  readonly locator: readonly Hash[]
  readonly limit: number
}

/**
 * Hashes from the head back, first one by one, then in doubling steps, down to genesis. The irreversible block is always among them:
 * an answer that begins below it, because a step went over it, would lead a node on a lost fork nowhere.
 */
export async function locatorOf(
  ledger: Pick<Ledger<unknown, never>, 'head' | 'finalized' | 'hashAt'>,
): Promise<Hash[]> {
  const heights: bigint[] = []
  const final = ledger.finalized().header.height
  let step = 1n
  for (let height = ledger.head().header.height; height > 0n && heights.length < LOCATOR_STEPS; height -= step) {
    const last = heights.at(-1)
    if (last !== undefined && last > final && height < final) heights.push(final)
    heights.push(height)
    if (heights.length > 8) step *= 2n
  }
  if (final > 0n && !heights.includes(final)) heights.push(final)
  heights.push(0n)
  const hashes: Hash[] = []
  for (const height of heights) {
    const hash = await ledger.hashAt(height)
    if (hash !== undefined) hashes.push(hash)
  }
  return hashes
}

async function commonHeight(ledger: Pick<Stored, 'encoded' | 'hashAt'>, locator: readonly Hash[]): Promise<bigint> {
  for (const hash of locator) {
    const stored = await ledger.encoded('header', hash)
    if (stored === undefined) continue
    const { height } = decodeHeaderEntry(stored).header
    if ((await ledger.hashAt(height)) === hash) return height
  }
  return 0n
}

/** Encoded canonical blocks, lowest first: always the next one, and as many more as one message holds. */
export async function blocksAfter(
  ledger: Pick<Stored, 'encoded' | 'hashAt'>,
  question: RangeQuestion,
): Promise<Bytes[]> {
  const blocks: Bytes[] = []
  let bytes = 0
  let height = (await commonHeight(ledger, question.locator)) + 1n
  for (; blocks.length < question.limit && bytes < ANSWER_BYTES; height += 1n) {
    const hash = await ledger.hashAt(height)
    const encoded = hash === undefined ? undefined : await ledger.encoded('block', hash)
    if (encoded === undefined) break
    if (blocks.length > 0 && bytes + encoded.length > MAX_BLOCK_BYTES) break
    blocks.push(encoded)
    bytes += encoded.length
  }
  return blocks
}

/** Whether an answer of blocks may have ended for lack of room, so that there is more to ask for. */
export function mayHaveMore(blocks: readonly Bytes[]): boolean {
  return blocks.length > 1 || (blocks[0]?.length ?? 0) >= ANSWER_BYTES / 2
}

/** Encoded canonical header entries, lowest first, as many as one answer holds. */
export async function headersAfter(
  ledger: Pick<Stored, 'encoded' | 'hashAt' | 'headersFrom'>,
  question: RangeQuestion,
): Promise<Bytes[]> {
  const headers: Bytes[] = []
  let bytes = 0
  let height = (await commonHeight(ledger, question.locator)) + 1n
  while (headers.length < question.limit) {
    const left = question.limit - headers.length
    const most = left < HEADERS_AT_ONCE ? left : HEADERS_AT_ONCE
    const found = await ledger.headersFrom(height, most)
    for (const entry of found) {
      if (bytes >= HEADER_ANSWER_BYTES) return headers
      headers.push(entry)
      bytes += entry.length
    }
    if (found.length < most) break
    height += BigInt(found.length)
  }
  return headers
}

/** Encoded bodies of the first blocks asked for: up to one that is not here, or for which there is no room. */
export async function bodiesOf(ledger: Pick<Stored, 'encoded'>, hashes: readonly Hash[]): Promise<Bytes[]> {
  const bodies: Bytes[] = []
  let bytes = 0
  for (const hash of hashes) {
    if (bytes >= ANSWER_BYTES) break
    const body = await ledger.encoded('body', hash)
    if (body === undefined || (bodies.length > 0 && bytes + body.length > MAX_BLOCK_BYTES)) break
    bodies.push(body)
    bytes += body.length
  }
  return bodies
}
