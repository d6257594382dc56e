import { decodeHeaderData, encodeHeaderData } from '#consensus/dpos'
import { type Block, encodeBlock, encodeHeader, MAX_BLOCK_BYTES, MAX_BLOCK_TRANSACTIONS, signHeader } from '#kernel'
import { encodeMessage } from '#p2p'
import { type Bytes, bytesToHash, concatBytes, type Hash, sha256, utf8ToBytes, writer } from '#primitives'
import type { Misbehaviour } from './knobs.ts'

type Outgoing = readonly { readonly to: string | undefined; readonly message: Bytes }[]

const isBlock = (message: Bytes): boolean => message[0] === 1

/** The same block with another signal, which its state root does not fit: a second block for the slot that nobody takes. */
function sibling(block: Block, privateKey: Bytes): Block {
  const signal: Hash = bytesToHash(sha256(utf8ToBytes(`other ${block.header.hash}`)))
  return { ...block, header: signHeader({ ...block.header, signal }, privateKey) }
}

/** The same block with the claim that its producer never made one before. */
function denying(block: Block, privateKey: Bytes): Block {
  const consensus = encodeHeaderData({ ...decodeHeaderData(block.header.consensus), generatedHeight: 0n })
  return { ...block, header: signHeader({ ...block.header, consensus }, privateKey) }
}

const noise = (block: Block, what: string): Hash => bytesToHash(sha256(utf8ToBytes(`${what} ${block.header.hash}`)))

/** Names of the lies, by number, as probes. */
export const LIES: readonly string[] = [
  'wrong reveal',
  'prevoted height overstated',
  'wrong round',
  'wrong state root',
  'wrong receipt root',
  'slot of another',
  'signed by another',
  'earlier slot',
  'wrong parent',
  'wrong transaction root',
  'prevoted height understated',
  'wrong election result',
  'generated height above its own',
  'block above its size',
  'block of too many transactions',
]

/** A header with one lie, signed by its producer or, last, by somebody else. */
function forged(block: Block, privateKey: Bytes, lie: number): Block {
  const { header } = block
  const data = decodeHeaderData(header.consensus)
  const consensus = (change: Partial<typeof data>): Block => ({
    ...block,
    header: signHeader({ ...header, consensus: encodeHeaderData({ ...data, ...change }) }, privateKey),
  })
  switch (lie) {
    case 0:
      return consensus({ reveal: noise(block, 'reveal') })
    case 1:
      return consensus({ prevotedHeight: data.prevotedHeight + 1n })
    case 2:
      return consensus({ round: data.round + 1n })
    case 3:
      return { ...block, header: signHeader({ ...header, stateRoot: noise(block, 'state') }, privateKey) }
    case 4:
      return { ...block, header: signHeader({ ...header, receiptRoot: noise(block, 'receipts') }, privateKey) }
    case 5:
      return { ...block, header: signHeader({ ...header, slot: header.slot + 1n }, privateKey) }
    case 7:
      return { ...block, header: signHeader({ ...header, slot: header.slot - 1n }, privateKey) }
    case 8:
      return { ...block, header: signHeader({ ...header, parentHash: noise(block, 'parent') }, privateKey) }
    case 9:
      return { ...block, header: signHeader({ ...header, transactionRoot: noise(block, 'list') }, privateKey) }
    case 10:
      return consensus({ prevotedHeight: data.prevotedHeight === 0n ? 0n : data.prevotedHeight - 1n })
    case 11:
      return consensus({ nextProducers: noise(block, 'elected') })
    case 12:
      return consensus({ generatedHeight: header.height + 1000n })
    default:
      return { ...block, header: signHeader(header, sha256(privateKey)) }
  }
}

/** Number of the first lie that is none about a header. */
const OVERSIZE = 13

/** More than a block may be, in a message as long as it may be; or a count that is too high. */
function oversize(block: Block, lie: number): Bytes {
  const encoded = encodeBlock(block)
  if (lie === OVERSIZE) return concatBytes(encoded, new Uint8Array(MAX_BLOCK_BYTES + 1 - encoded.length))
  const header = encodeHeader(block.header)
  return concatBytes(
    header,
    writer()
      .u32(MAX_BLOCK_TRANSACTIONS + 1)
      .finish(),
  )
}

const messageOf = (block: Block): Bytes => encodeMessage({ kind: 'block', block: encodeBlock(block) })

export interface Liar {
  readonly kind: Misbehaviour
  readonly privateKey: Bytes
  readonly peers: readonly string[]
  /** True for this message. */
  lies(): boolean
  /** A number below n. */
  pick(n: number): number
  read(message: Bytes): Block
  sent(): void
  /** Another valid block for the same slot; left out: who makes two makes one of them without a state. */
  sibling?(block: Block): Promise<Block | undefined>
  /** Knows that many kinds of lies. */
  readonly lieKinds: number
  /** Sends something later than now. */
  later(message: Bytes, to: string): void
  tells(act: string): void
}

/** What a misbehaving machine sends instead of what its node wanted to send. */
export function distort(message: Bytes, to: string | undefined, liar: Liar): Outgoing {
  const honest = [{ to, message }]
  if (to !== undefined || !isBlock(message) || !liar.lies()) return honest
  const block = liar.read(message)
  if (liar.kind === 'equivocate' && liar.sibling !== undefined) {
    const [some, others] = [0, 1].map((half) => liar.peers.filter((_, index) => index % 2 === half))
    void liar.sibling(block).then((sibling) => {
      if (sibling === undefined) return
      const other = messageOf(sibling)
      liar.read(other)
      liar.sent()
      for (const peer of others ?? []) liar.later(other, peer)
    })
    return (some ?? []).map((peer) => ({ to: peer, message }))
  }
  if (liar.kind === 'equivocate') {
    const other = messageOf(sibling(block, liar.privateKey))
    liar.read(other)
    liar.sent()
    return liar.peers.map((peer, index) => ({ to: peer, message: index % 2 === 0 ? message : other }))
  }
  if (liar.kind === 'denial') {
    const other = messageOf(denying(block, liar.privateKey))
    liar.read(other)
    return [{ to: undefined, message: other }]
  }
  if (liar.kind === 'forge') {
    const lie = liar.pick(liar.lieKinds)
    liar.tells(LIES[lie] ?? `lie ${lie}`)
    if (lie >= OVERSIZE)
      return [{ to: undefined, message: encodeMessage({ kind: 'block', block: oversize(block, lie) }) }]
    return [{ to: undefined, message: messageOf(forged(block, liar.privateKey, lie)) }]
  }
  if (liar.kind === 'withhold') {
    liar.tells('block kept back')
    for (const peer of liar.peers) if (liar.pick(2) === 0) liar.later(message, peer)
    return []
  }
  return honest
}
