/** What a look at the raw bytes of a message found, before any parser saw it. */
export type ScanResult =
  | { readonly ok: true; readonly calls: number }
  | { readonly ok: false; readonly code: 'rpc.parse' | 'rpc.nestedTooDeep' | 'rpc.batchTooLarge' }

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const SPACE = 0x20
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const MAX_LITERAL_LENGTH = 1_024

/**
 * Walks a JSON message once, in time linear in its length, and refuses what a parser should not be given:
 * nesting beyond `depth`, more than `calls` entries in a top-level list, numbers of absurd length.
 * Bytes inside strings are skipped, so UTF-8 needs no decoding here.
 */
export function scanMessage(bytes: Uint8Array, limits: { depth: number; calls: number }): ScanResult {
  let depth = 0
  let batched = false
  let commas = 0
  let literal = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      at = endOfString(bytes, at)
      literal = 0
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (depth === 0 && byte === OPEN_LIST) batched = true
      depth += 1
      literal = 0
      if (depth > limits.depth) return { ok: false, code: 'rpc.nestedTooDeep' }
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      depth -= 1
      literal = 0
      if (depth < 0) return { ok: false, code: 'rpc.parse' }
    } else if (byte === COMMA) {
      literal = 0
      if (batched && depth === 1) {
        commas += 1
        if (commas >= limits.calls) return { ok: false, code: 'rpc.batchTooLarge' }
      }
    } else if (byte === COLON || (byte ?? 0) <= SPACE) {
      literal = 0
    } else {
      literal += 1
      if (literal > MAX_LITERAL_LENGTH) return { ok: false, code: 'rpc.parse' }
    }
  }
  return depth === 0 ? { ok: true, calls: commas + 1 } : { ok: false, code: 'rpc.parse' }
}

/** Strings are most of a message: the platform finds a quote some ten times as fast as a loop. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let from = start + 1; ; ) {
    const quote = bytes.indexOf(QUOTE, from)
    if (quote < 0) return bytes.length
    let escapes = quote
    while (escapes > from && bytes[escapes - 1] === BACKSLASH) escapes -= 1
    // Pairs of backslashes stand for themselves.
    if (((quote - escapes) & 1) === 0) return quote
    from = quote + 1
  }
}
