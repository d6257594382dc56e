/** Every bound a foreign caller can run into, in one place. Sizes in bytes, times in milliseconds. */
export interface RpcLimits {
  /** Largest HTTP request body. */
  readonly bodyBytes: number
  /** Largest WebSocket message. */
  readonly frameBytes: number
  /** Most calls in one batch. */
  readonly batchCalls: number
  /** Deepest nesting of arrays and objects in a message. */
  readonly nestingDepth: number
  /** Largest sum of results answered to one message. */
  readonly responseBytes: number
  /** Most calls worked on at the same time by the whole server; above it callers are told to come back. */
  readonly callsInFlight: number
  /** Most messages of one WebSocket worked on at the same time; above it the socket is not read. */
  readonly messagesInFlightPerSocket: number
  /** Most open TCP connections. */
  readonly connections: number
  /** Most open WebSockets, part of `connections`. */
  readonly sockets: number
  /** Most subscriptions of one WebSocket. */
  readonly subscriptionsPerSocket: number
  /** Bytes a WebSocket may leave unread before it is closed. */
  readonly unreadBytes: number
  /** Bytes all WebSockets together may leave unread: with many of them each may leave only its share. */
  readonly unreadTotalBytes: number
  /** Longest work on one call. */
  readonly callMs: number
  /** Longest time to receive the head of a request. */
  readonly headersMs: number
  /** Longest time to receive a whole request. */
  readonly requestMs: number
  /** Longest idle time of a kept-alive connection. */
  readonly keepAliveMs: number
  /** Pause between pings; a socket that misses one whole pause is closed. */
  readonly pingMs: number
  /** Largest HTTP header block. */
  readonly headerBytes: number
  /** Work of one batch before other connections get their turn. */
  readonly turnMs: number
}

/** Limits of a node that has not configured its own. */
export const defaultRpcLimits: RpcLimits = {
  bodyBytes: 1_048_576,
  frameBytes: 1_048_576,
  batchCalls: 100,
  nestingDepth: 16,
  responseBytes: 16_777_216,
  callsInFlight: 256,
  messagesInFlightPerSocket: 32,
  connections: 10_240,
  sockets: 8_192,
  subscriptionsPerSocket: 16,
  unreadBytes: 4_194_304,
  unreadTotalBytes: 536_870_912,
  callMs: 10_000,
  headersMs: 5_000,
  requestMs: 15_000,
  keepAliveMs: 20_000,
  pingMs: 30_000,
  headerBytes: 8_192,
  turnMs: 10,
}

/** Longest identifier of a call (`id`) that is a string. */
export const MAX_ID_LENGTH = 128
/** Longest method name looked at. */
export const MAX_METHOD_LENGTH = 64
/** Longest decimal integer: 2^256 has 78 digits. */
export const MAX_DECIMAL_LENGTH = 78
/** Longest string argument, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 4_096
/** Longest transaction in hex, prefix included: 131,072 bytes. */
export const MAX_TRANSACTION_HEX_LENGTH = 262_146
/** Longest bytes argument in hex, prefix included: 65,536 bytes. */
export const MAX_BYTES_HEX_LENGTH = 131_074
/** Most named arguments of one contract call. */
export const MAX_ARGUMENTS = 32
/** Most transactions of one `aelf_sendTransactions`. */
export const MAX_SENT_TOGETHER = 256
/** Most blocks answered by one `aelf_getBlocks`. */
export const MAX_BLOCK_RANGE = 100
/** Most paths of one `aelf_getStateProofs`. */
export const MAX_STATE_PATHS = 128
/** Most log lines of one `aelf_operatorLogs`. */
export const MAX_LOG_LINES = 500
/** Longest nonce or token of an operator. */
export const MAX_TOKEN_LENGTH = 64
/** Longest single jump of a development network: one year. */
export const MAX_FAST_FORWARD_SECONDS = 31_622_400
