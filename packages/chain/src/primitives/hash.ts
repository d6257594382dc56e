import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { keccak_256 as nobleKeccak256 } from '@noble/hashes/sha3.js'
import { bytesToHash, equalBytes } from './bytes.ts'
import { assert, PrimitiveError } from './error.ts'
import type { Bytes, Hash } from './types.ts'
import { utf8ToBytes } from './utf8.ts'

/** An implementation of both hash functions; a node may install a native one. */
export interface HashEngine {
  readonly name: string
  readonly sha256: (bytes: Bytes) => Bytes
  /** Answers `out` with the hash in it where it is given, which has 32 bytes and may lie within the input. */
  readonly keccak256: (bytes: Bytes, out?: Bytes) => Bytes
}

const REFERENCE: HashEngine = {
  name: 'noble',
  sha256: (bytes) => nobleSha256(bytes),
  keccak256(bytes, out) {
    const hash = nobleKeccak256(bytes)
    if (out === undefined) return hash
    out.set(hash)
    return out
  },
}
const PROBES: readonly Bytes[] = [0, 1, 55, 56, 63, 64, 65, 135, 136, 137, 1000].map((length) =>
  new Uint8Array(length).fill(length & 255),
)

let engine: HashEngine = REFERENCE

/** Installs an engine after comparing it with the reference on probes. Throws `primitive.engine` when any answer differs. */
export function setHashEngine(next: HashEngine): void {
  for (const probe of PROBES) {
    const keccak = REFERENCE.keccak256(probe)
    const out = new Uint8Array(32)
    const same =
      equalBytes(next.sha256(probe), REFERENCE.sha256(probe)) &&
      equalBytes(next.keccak256(probe), keccak) &&
      next.keccak256(probe, out) === out &&
      equalBytes(out, keccak)
    if (!same)
      throw new PrimitiveError('primitive.engine', `hash engine ${next.name} differs from the reference`, {
        details: { length: probe.length },
      })
  }
  engine = next
}

/** Back to the portable engine. */
export function resetHashEngine(): void {
  engine = REFERENCE
}

export function hashEngineName(): string {
  return engine.name
}

export function sha256(bytes: Bytes): Bytes {
  return engine.sha256(bytes)
}

/** Into `out` where it is given: 32 bytes, so that a hash within a larger preimage needs no memory of its own. */
export function keccak256(bytes: Bytes, out?: Bytes): Bytes {
  return engine.keccak256(bytes, out)
}

const tagCache = new Map<string, Bytes>()
const TAG_CACHE_MAX = 256

function tagBytes(tag: string): Bytes {
  const known = tagCache.get(tag)
  if (known) return known
  const text = utf8ToBytes(tag)
  assert(text.length > 0 && text.length < 128, 'a hash tag has 1 to 127 bytes')
  const prefix = new Uint8Array(text.length + 1)
  prefix[0] = text.length
  prefix.set(text, 1)
  if (tagCache.size < TAG_CACHE_MAX) tagCache.set(tag, prefix)
  return prefix
}

/** Most preimages are made here: memory for them costs more than hashing. No engine keeps what it hashes. */
const SCRATCH: Bytes = new Uint8Array(512)
/** Its beginnings, by length: a view takes as much memory as what is hashed. */
const BEGINNINGS: Bytes[] = Array.from({ length: SCRATCH.length + 1 }, (_, length) => SCRATCH.subarray(0, length))

/**
 * SHA-256 of `length(tag) ‖ tag ‖ parts`, with the length in one byte.
 * Only inner Merkle nodes hash exactly 64 bytes; a preimage that would have that length gets the high bit of its first
 * byte set and one zero byte after the tag, which keeps the framing injective and every input legal.
 */
export function taggedHashBytes(tag: string, ...parts: readonly Bytes[]): Bytes {
  const prefix = tagBytes(tag)
  let length = prefix.length
  for (const part of parts) length += part.length
  const padded = length === 64
  if (padded) length = 65
  const preimage = BEGINNINGS[length] ?? new Uint8Array(length)
  preimage.set(prefix, 0)
  let at = prefix.length
  if (padded) {
    preimage[0] = prefix.length - 1 + 128
    preimage[at] = 0
    at++
  }
  for (const part of parts) {
    preimage.set(part, at)
    at += part.length
  }
  return engine.sha256(preimage)
}

/** `taggedHashBytes` as a `Hash`. */
export function taggedHash(tag: string, ...parts: readonly Bytes[]): Hash {
  return bytesToHash(taggedHashBytes(tag, ...parts))
}
