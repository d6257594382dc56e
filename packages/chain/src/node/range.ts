import { encodeBlock, MAX_BLOCK_BYTES } from '#kernel'
import type { Ledger } from '#ledger'
import type { Bytes, Hash } from '#primitives'

/** An answer that has this much takes no more blocks. */
const ANSWER_BYTES: number = MAX_BLOCK_BYTES / 2

type Blocks = Pick<Ledger<unknown, never>, 'hashAt' | 'block'>

/** What a peer asks for: blocks after the first hash of the locator that is known here. */
export interface RangeQuestion {
  readonly locator: readonly Hash[]
  readonly limit: number
}

/** Hashes from the head back, first one by one, then in doubling steps, down to genesis. */
export async function locatorOf(ledger: Pick<Ledger<unknown, never>, 'head' | 'hashAt'>): Promise<Hash[]> {
  const hashes: Hash[] = []
  let step = 1n
  for (let height = ledger.head().header.height; height > 0n; height -= step) {
    const hash = await ledger.hashAt(height)
    if (hash !== undefined) hashes.push(hash)
    if (hashes.length > 8) step *= 2n
    if (hashes.length >= 40) break
  }
  const genesis = await ledger.hashAt(0n)
  if (genesis !== undefined) hashes.push(genesis)
  return hashes
}

async function commonHeight(ledger: Blocks, locator: readonly Hash[]): Promise<bigint> {
  for (const hash of locator) {
    const stored = await ledger.block(hash)
    if (stored?.canonical === true) return stored.block.header.height
  }
  return 0n
}

/** Encoded canonical blocks, lowest first: always the next one, and as many more as one message holds. */
export async function blocksAfter(ledger: Blocks, question: RangeQuestion): Promise<Bytes[]> {
  const blocks: Bytes[] = []
  let bytes = 0
  let height = (await commonHeight(ledger, question.locator)) + 1n
  for (; blocks.length < question.limit && bytes < ANSWER_BYTES; height += 1n) {
    const hash = await ledger.hashAt(height)
    const stored = hash === undefined ? undefined : await ledger.block(hash)
    if (stored === undefined) break
    const encoded = encodeBlock(stored.block)
    if (blocks.length > 0 && bytes + encoded.length > MAX_BLOCK_BYTES) break
    blocks.push(encoded)
    bytes += encoded.length
  }
  return blocks
}

/** Whether an answer may have ended for lack of room, so that there is more to ask for. */
export function mayHaveMore(blocks: readonly Bytes[]): boolean {
  return blocks.length > 1 || (blocks[0]?.length ?? 0) >= ANSWER_BYTES / 2
}
