import { type Block, decodeBlock, decodeSharedTransaction, type SignedTransaction } from '#kernel'
import { decodeMessage, type Message } from '#p2p'
import type { Bytes } from '#primitives'

/**
 * Reads what peers and the disk hold. Nodes of one process may share one that remembers: what reaches all of them is then read
 * once. What it answers follows from the bytes alone, and is never changed.
 */
export interface Decoder {
  message(bytes: Bytes): Message
  block(bytes: Bytes): Block
  transaction(bytes: Bytes): SignedTransaction
}

/** Reads everything each time. */
export const plainDecoder: Decoder = {
  message: decodeMessage,
  block: decodeBlock,
  transaction: decodeSharedTransaction,
}
