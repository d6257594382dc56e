import {
  asHash,
  type Bytes,
  bytesToHash,
  CodecError,
  equalBytes,
  type Hash,
  hexToBytes,
  reader,
  sha256,
  writer,
} from '#primitives'
import { EMPTY_ROOT } from './nodes.ts'
import { bitOf, innerHash, type SparseProof } from './sparse.ts'
import { sparseLeafHash } from './sparseHash.ts'

export const MAX_SPARSE_DEPTH = 256

function startOf(key: Bytes, value: Bytes | undefined, proof: SparseProof): Bytes | undefined {
  if (value !== undefined) return proof.leaf ? undefined : sparseLeafHash(key, sha256(value))
  if (!proof.leaf) return hexToBytes(EMPTY_ROOT)
  const other = hexToBytes(proof.leaf.path)
  if (equalBytes(other, key)) return undefined
  // The other leaf can only stand in this place when it shares every turn taken on the way down.
  for (let depth = 0; depth < proof.siblings.length; depth++)
    if (bitOf(other, depth) !== bitOf(key, depth)) return undefined
  return sparseLeafHash(other, hexToBytes(proof.leaf.valueHash))
}

/**
 * Whether `proof` shows under `root` that `path` holds `value`, or with `undefined` that it holds nothing. Never throws for a
 * well-typed proof.
 */
export function verifySparseProof(root: Hash, path: Hash, value: Bytes | undefined, proof: SparseProof): boolean {
  if (proof.siblings.length > MAX_SPARSE_DEPTH) return false
  const key = hexToBytes(path)
  let hash = startOf(key, value, proof)
  if (!hash) return false
  // A lone leaf or nothing beside nothing is never a node of its own: such a tree would have two shapes.
  if (proof.siblings.at(-1) === EMPTY_ROOT) return false
  for (let depth = proof.siblings.length - 1; depth >= 0; depth--) {
    const sibling = hexToBytes(proof.siblings[depth] as Hash)
    hash = bitOf(key, depth) === 0 ? innerHash(hash, sibling) : innerHash(sibling, hash)
  }
  return bytesToHash(hash) === root
}

/** u16 depth, bitmap of non-empty siblings, those siblings, u8 leaf flag, then path and value hash of the other leaf. */
export function encodeSparseProof(proof: SparseProof): Bytes {
  const out = writer().u16(proof.siblings.length)
  const bitmap = new Uint8Array((proof.siblings.length + 7) >> 3)
  for (const [depth, sibling] of proof.siblings.entries()) {
    if (sibling !== EMPTY_ROOT) bitmap[depth >> 3] = (bitmap[depth >> 3] as number) | (128 >> (depth & 7))
  }
  out.fixed(bitmap)
  for (const sibling of proof.siblings) if (sibling !== EMPTY_ROOT) out.fixed(hexToBytes(asHash(sibling)))
  out.u8(proof.leaf ? 1 : 0)
  if (proof.leaf) out.fixed(hexToBytes(asHash(proof.leaf.path))).fixed(hexToBytes(asHash(proof.leaf.valueHash)))
  return out.finish()
}

/** Inverse of `encodeSparseProof`. Throws `CodecError`. */
export function decodeSparseProof(bytes: Bytes): SparseProof {
  const input = reader(bytes)
  const depth = input.u16()
  if (depth > MAX_SPARSE_DEPTH) throw new CodecError('codec.limit', 'proof deeper than 256', { details: { depth } })
  const bitmap = input.fixed((depth + 7) >> 3)
  if (depth % 8 !== 0 && ((bitmap.at(-1) ?? 0) & (255 >> (depth % 8))) !== 0) {
    throw new CodecError('codec.padding', 'unused bitmap bits are not zero')
  }
  const siblings: Hash[] = []
  for (let at = 0; at < depth; at++) {
    if (bitOf(bitmap, at) === 0) {
      siblings.push(EMPTY_ROOT)
      continue
    }
    const sibling = bytesToHash(input.fixed(32))
    if (sibling === EMPTY_ROOT) throw new CodecError('codec.padding', 'an empty sibling is a zero bit')
    siblings.push(sibling)
  }
  const flag = input.u8()
  if (flag > 1) throw new CodecError('codec.bool', 'the leaf flag is 0 or 1', { details: { flag } })
  const proof: SparseProof =
    flag === 0
      ? { siblings }
      : { siblings, leaf: { path: bytesToHash(input.fixed(32)), valueHash: bytesToHash(input.fixed(32)) } }
  input.end()
  return proof
}
