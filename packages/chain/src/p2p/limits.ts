/** Largest accepted message in bytes: one block with room for framing. */
export const MAX_MESSAGE_BYTES: number = 4 * 1024 * 1024 + 64 * 1024
/** Most transactions in one gossip message. */
export const MAX_GOSSIP_TRANSACTIONS = 512
/** Most bytes of transactions in one gossip message. */
export const MAX_GOSSIP_BYTES: number = 1024 * 1024
/** Most hashes in a request's locator. */
export const MAX_LOCATOR_HASHES = 48
/** Most blocks in one answer. */
export const MAX_RANGE_BLOCKS = 128
/** Most headers in one answer. */
export const MAX_HEADERS = 512
/** Largest header with the producer list it commits to. */
export const MAX_HEADER_ENTRY_BYTES = 16_384
/** Most bodies in one question. */
export const MAX_BODIES = 128
/** Largest bundle that travels between peers. */
export const MAX_BUNDLE_MESSAGE_BYTES: number = 4 * 1024 * 1024
/** Bytes of a bundle in one answer; every part but the last has so many. */
export const MAX_BUNDLE_PART_BYTES: number = 1024 * 1024
/** Largest transaction accepted from a peer. */
export const MAX_PEER_TRANSACTION_BYTES = 131_072
/** Peers a memory network accepts. */
export const MAX_PEERS = 4096
/** Messages a memory network keeps for a peer that does not listen yet. */
export const MAX_HELD_MESSAGES = 256
