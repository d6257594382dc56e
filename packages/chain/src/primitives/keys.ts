import { secp256k1 } from '@noble/curves/secp256k1.js'
import { addressAt, bytesToAddress, compareBytes, equalBytes, hexToBytes } from './bytes.ts'
import { PrimitiveError } from './error.ts'
import { keccak256 } from './hash.ts'
import type { Address, Bytes } from './types.ts'

/** r ‖ s (64 bytes, low s) and the parity bit of the nonce point. */
export interface CompactSignature {
  readonly compact: Bytes
  readonly recovery: number
}

/**
 * secp256k1 behind the signature functions. `sign` is deterministic (RFC 6979) with low s; `recover` gets a signature whose ranges
 * are already checked and returns the 65-byte uncompressed public key, good until the next call, or undefined when no such point
 * exists; `publicKey` gets a private key that is checked, and returns 65 bytes, too.
 */
export interface SignatureEngine {
  readonly name: string
  readonly sign: (digest: Bytes, privateKey: Bytes) => CompactSignature
  readonly recover: (digest: Bytes, signature: CompactSignature) => Bytes | undefined
  readonly publicKey: (privateKey: Bytes) => Bytes
}

const ZERO: Bytes = new Uint8Array(32)
const ORDER: Bytes = hexToBytes('0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141')
/** Half the order, rounded down. */
const HALF_ORDER: Bytes = hexToBytes('0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0')

const REFERENCE: SignatureEngine = {
  name: 'noble',
  sign: (digest, privateKey) => {
    const bytes = secp256k1.sign(digest, privateKey, { prehash: false, lowS: true, format: 'recovered' })
    return { recovery: bytes[0] as number, compact: bytes.slice(1) }
  },
  recover: (digest, signature) => {
    try {
      const parsed = secp256k1.Signature.fromBytes(signature.compact, 'compact').addRecoveryBit(signature.recovery)
      return parsed.recoverPublicKey(digest).toBytes(false)
    } catch {
      // r is not the x coordinate of a point, or the key is the point at infinity: the signature belongs to nobody.
      return undefined
    }
  },
  publicKey: (privateKey) => secp256k1.getPublicKey(privateKey, false),
}

let engine: SignatureEngine = REFERENCE

function selfTest(next: SignatureEngine): boolean {
  const key = new Uint8Array(32).fill(7)
  if (!equalBytes(next.publicKey(key), REFERENCE.publicKey(key))) return false
  for (let round = 1; round <= 4; round++) {
    const digest = keccak256(new Uint8Array(32).fill(round))
    const expected = REFERENCE.sign(digest, key)
    const signature = next.sign(digest, key)
    if (signature.recovery !== expected.recovery || !equalBytes(signature.compact, expected.compact)) return false
    const publicKey = next.recover(digest, expected)
    const reference = REFERENCE.recover(digest, expected)
    if (!publicKey || !reference || !equalBytes(publicKey, reference)) return false
  }
  return next.recover(new Uint8Array(32), { compact: new Uint8Array(64).fill(5), recovery: 0 }) === undefined
}

/** Installs an engine after comparing it with the reference. Throws `primitive.engine` when it differs. */
export function setSignatureEngine(next: SignatureEngine): void {
  if (!selfTest(next))
    throw new PrimitiveError('primitive.engine', `signature engine ${next.name} differs from the reference`)
  engine = next
}

/** Back to the portable engine. */
export function resetSignatureEngine(): void {
  engine = REFERENCE
}

export function signatureEngineName(): string {
  return engine.name
}

/** Address of a compressed (33 bytes) or uncompressed (65 bytes) public key. Throws `primitive.key`. */
export function publicKeyToAddress(publicKey: Bytes): Address {
  let uncompressed = publicKey
  if (publicKey.length !== 65 || publicKey[0] !== 4) {
    try {
      uncompressed = secp256k1.Point.fromBytes(publicKey).toBytes(false)
    } catch (cause) {
      throw new PrimitiveError('primitive.key', 'not a secp256k1 public key', { cause })
    }
  }
  return bytesToAddress(keccak256(uncompressed.subarray(1)).subarray(12))
}

function checkPrivateKey(privateKey: Bytes): void {
  // Big-endian words of one length compare as bytes.
  const valid =
    privateKey instanceof Uint8Array &&
    privateKey.length === 32 &&
    compareBytes(privateKey, ZERO) > 0 &&
    compareBytes(privateKey, ORDER) < 0
  if (!valid) throw new PrimitiveError('primitive.key', 'not a secp256k1 private key')
}

/** Uncompressed public key, 65 bytes. Throws `primitive.key`. */
export function privateKeyToPublicKey(privateKey: Bytes): Bytes {
  checkPrivateKey(privateKey)
  return engine.publicKey(privateKey)
}

export function privateKeyToAddress(privateKey: Bytes): Address {
  return publicKeyToAddress(privateKeyToPublicKey(privateKey))
}

/** Signs a 32-byte digest: 65 bytes r ‖ s ‖ v, v = 27 or 28, low s, RFC 6979. Throws `primitive.key`, `primitive.digest`. */
export function signDigest(digest: Bytes, privateKey: Bytes): Bytes {
  if (digest.length !== 32) throw new PrimitiveError('primitive.digest', 'expected a 32-byte digest')
  checkPrivateKey(privateKey)
  const signature = engine.sign(digest, privateKey)
  // A recovery value of 2 or 3 needs r above the group order less the field: never seen, and not expressible as v.
  if (signature.recovery !== 0 && signature.recovery !== 1)
    throw new PrimitiveError('primitive.key', 'signature has no 27/28 form')
  const bytes = new Uint8Array(65)
  bytes.set(signature.compact, 0)
  bytes[64] = 27 + signature.recovery
  return bytes
}

/** Compares the 32 bytes at `at` with a word. */
function compareWord(bytes: Bytes, at: number, word: Bytes): number {
  for (let index = 0; index < 32; index++) {
    const difference = (bytes[at + index] as number) - (word[index] as number)
    if (difference !== 0) return difference
  }
  return 0
}

/** Whether 65 bytes have the one accepted form: v 27 or 28, r and s within the order and not zero, s in the lower half. */
export function isCanonicalSignature(signature: Bytes): boolean {
  if (signature.length !== 65 || (signature[64] !== 27 && signature[64] !== 28)) return false
  return (
    compareWord(signature, 0, ZERO) > 0 &&
    compareWord(signature, 0, ORDER) < 0 &&
    compareWord(signature, 32, ZERO) > 0 &&
    compareWord(signature, 32, HALF_ORDER) <= 0
  )
}

/** For what is looked at within one call. */
const COMPACT: Bytes = new Uint8Array(64)
const HASH: Bytes = new Uint8Array(32)

/** Signer of a 32-byte digest, or undefined when the signature is not canonical or belongs to no key. */
export function recoverAddress(digest: Bytes, signature: Bytes): Address | undefined {
  if (digest.length !== 32 || !isCanonicalSignature(signature)) return undefined
  for (let index = 0; index < 64; index++) COMPACT[index] = signature[index] as number
  const publicKey = engine.recover(digest, { compact: COMPACT, recovery: (signature[64] as number) - 27 })
  return publicKey === undefined ? undefined : addressAt(keccak256(publicKey.subarray(1), HASH), 12)
}
