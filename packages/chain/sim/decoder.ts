import { type Decoder, plainDecoder } from '#node'
import type { Bytes } from '#primitives'
import type { Shared } from './memo.ts'

const MAX_KNOWN = 4096
/** Longer inputs are rare, and looking them up would cost more than it saves. */
const MAX_BYTES = 65_536

const textOf = (bytes: Bytes): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

/**
 * Reads each input once. What does not decode is tried again by whoever gets it. Most inputs are the very array that another machine
 * got; nobody changes one, whoever spoils a message makes another.
 */
function remembering<T extends object>(read: (bytes: Bytes) => T, known: Map<string, T>): (bytes: Bytes) => T {
  let same = new WeakMap<Bytes, T>()
  return (bytes) => {
    if (known.size === 0) same = new WeakMap()
    const before = same.get(bytes)
    if (before !== undefined) return before
    if (bytes.length > MAX_BYTES) return read(bytes)
    const text = textOf(bytes)
    const found = known.get(text)
    if (found !== undefined) {
      same.set(bytes, found)
      return found
    }
    const made = read(bytes)
    same.set(bytes, made)
    known.set(text, made)
    if (known.size > MAX_KNOWN) {
      const oldest = known.keys().next()
      if (oldest.done !== true) known.delete(oldest.value)
    }
    return made
  }
}

/** A decoder all machines of a run share. Keyed by content, so bytes that were spoilt on the way are other bytes. */
export function sharedDecoder(): Shared<Decoder> {
  const [messages, blocks, transactions] = [new Map(), new Map(), new Map()]
  const value: Decoder = {
    message: remembering(plainDecoder.message, messages),
    block: remembering(plainDecoder.block, blocks),
    transaction: remembering(plainDecoder.transaction, transactions),
  }
  const forget = (): void => {
    for (const known of [messages, blocks, transactions]) known.clear()
  }
  return { value, forget }
}
