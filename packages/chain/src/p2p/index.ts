export { P2pError, type P2pErrorCode } from './errors.ts'
export {
  MAX_BODIES,
  MAX_BUNDLE_MESSAGE_BYTES,
  MAX_BUNDLE_PART_BYTES,
  MAX_GOSSIP_BYTES,
  MAX_GOSSIP_TRANSACTIONS,
  MAX_HEADERS,
  MAX_HELD_MESSAGES,
  MAX_LOCATOR_HASHES,
  MAX_MESSAGE_BYTES,
  MAX_RANGE_BLOCKS,
} from './limits.ts'
export { createMemoryNetwork, type LinkPolicy, type MemoryNetwork } from './memory.ts'
export { decodeMessage, encodeMessage, type Message, messageKind } from './messages.ts'
