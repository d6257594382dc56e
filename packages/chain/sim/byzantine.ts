import { decodeHeaderData, encodeHeaderData } from '#consensus/dpos'
import { type Block, encodeBlock, signHeader } from '#kernel'
import { encodeMessage } from '#p2p'
import { type Bytes, type Hash, sha256, utf8ToBytes, bytesToHash } from '#primitives'
import type { Misbehaviour } from './knobs.ts'

type Outgoing = readonly { readonly to: string | undefined; readonly message: Bytes }[]

const isBlock = (message: Bytes): boolean => message[0] === 1

/** The same block with another content of the signal field: a second block for the slot. */
function sibling(block: Block, privateKey: Bytes): Block {
  const signal: Hash = bytesToHash(sha256(utf8ToBytes(`other ${block.header.hash}`)))
  return { ...block, header: signHeader({ ...block.header, signal }, privateKey) }
}

/** The same block with the claim that its producer never made one before. */
function denying(block: Block, privateKey: Bytes): Block {
  const consensus = encodeHeaderData({ ...decodeHeaderData(block.header.consensus), generatedHeight: 0n })
  return { ...block, header: signHeader({ ...block.header, consensus }, privateKey) }
}

const messageOf = (block: Block): Bytes => encodeMessage({ kind: 'block', block: encodeBlock(block) })

export interface Liar {
  readonly kind: Misbehaviour
  readonly privateKey: Bytes
  readonly peers: readonly string[]
  /** True for this message. */
  lies(): boolean
  read(message: Bytes): Block
  sent(): void
}

/** What a misbehaving machine sends instead of what its node wanted to send. */
export function distort(message: Bytes, to: string | undefined, liar: Liar): Outgoing {
  const honest = [{ to, message }]
  if (to !== undefined || !isBlock(message) || !liar.lies()) return honest
  const block = liar.read(message)
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
  return honest
}
