/** Verified headers that wait for their bodies; about half a kilobyte each. */
export const MAX_AHEAD = 2048
/** Headers asked for at once. */
export const HEADERS_PER_QUESTION = 512
/** An answer with fewer headers ends a chain: one is only ever cut for lack of room, and this many always fit. */
export const LEAST_FULL_ANSWER = 64
/** Bytes after which an answer takes no more headers. */
export const HEADER_ANSWER_BYTES: number = 1024 * 1024
/** Headers from the next block on whose bodies are fetched. */
export const BODY_WINDOW = 512
/** Bodies asked for at once, at most; fewer when they are large. */
export const BODIES_PER_QUESTION = 32
/** Blocks imported together: a few writes to the disk, each while the next blocks are executed. */
export const MAX_IMPORT_BLOCKS = 256
/** Transactions after which such a batch takes no more blocks: a few writes, each while the next blocks are executed. */
export const MAX_IMPORT_TRANSACTIONS = 8192
/** Transactions whose signers are looked for: those that are being imported, and as many after them. */
export const MAX_AHEAD_TRANSACTIONS: number = 2 * MAX_IMPORT_TRANSACTIONS
/** Bytes of bodies that may wait for their turn before only the next ones are asked for. */
export const MAX_HELD_BYTES: number = 24 * 1024 * 1024
/** Questions for bodies under way; each brings at most one message. */
export const MAX_PARALLEL = 6
/** Guides whose chains are compared while none of them proves finality. */
export const MAX_GUIDES = 4
/** Peers remembered. */
export const MAX_TRACKED_PEERS = 1024
/** Blocks remembered as refused. */
export const MAX_BAD_BLOCKS = 256
export const HEADERS_TIMEOUT_MS = 5000
export const BODIES_TIMEOUT_MS = 10_000
/** The next body is asked of a second peer after this time. */
export const HEDGE_MS = 2000
/** A chain whose next body nobody gives for this long is given up. */
export const STALL_MS = 60_000
/** How often unfinished work is looked at when nothing happens. */
export const WATCH_MS = 2000
/** Rest of a peer after its first failure; doubles with each further one. */
export const FIRST_REST_MS = 5000
export const LONGEST_REST_MS = 600_000
