import { secp256k1 as curve } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import native from 'secp256k1'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, describe, expect, it } from 'vitest'
import {
  bigintToBytes,
  bytesToBigint,
  bytesToHex,
  concatBytes,
  isCanonicalSignature,
  privateKeyToAddress,
  privateKeyToPublicKey,
  publicKeyToAddress,
  recoverAddress,
  resetSignatureEngine,
  type SignatureEngine,
  setSignatureEngine,
  signatureEngineName,
  signDigest,
} from './index.ts'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const nativeEngine: SignatureEngine = {
  name: 'libsecp256k1',
  sign: (digest, privateKey) => {
    const signed = native.ecdsaSign(digest, privateKey)
    return { compact: signed.signature, recovery: signed.recid }
  },
  recover: (digest, signature) => {
    try {
      return native.ecdsaRecover(signature.compact, signature.recovery, digest, false)
    } catch {
      return undefined
    }
  },
  publicKey: (privateKey) => native.publicKeyCreate(privateKey, false),
}

const scalar = fc.bigInt({ min: 1n, max: ORDER - 1n }).map((value) => bigintToBytes(value, 32))
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('keys', () => {
  afterEach(resetSignatureEngine)

  it('behavior: addresses equal those of an Ethereum wallet [KEY-ADDR-1]', () => {
    fc.assert(
      fc.property(scalar, (key) => {
        const address = privateKeyToAddress(key)
        expect(address).toBe(privateKeyToAccount(bytesToHex(key)).address.toLowerCase())
        expect(publicKeyToAddress(privateKeyToPublicKey(key))).toBe(address)
        expect(publicKeyToAddress(curve.getPublicKey(key, true))).toBe(address)
      }),
      { numRuns: 20 },
    )
  })

  it('behavior: signatures equal those of an Ethereum wallet and recover [KEY-SIG-2] [KEY-SIG-3]', async () => {
    await fc.assert(
      fc.asyncProperty(scalar, digest, async (key, hash) => {
        const signature = signDigest(hash, key)
        expect(bytesToHex(signature)).toBe(await privateKeyToAccount(bytesToHex(key)).sign({ hash: bytesToHex(hash) }))
        expect(recoverAddress(hash, signature)).toBe(privateKeyToAddress(key))
      }),
      { numRuns: 20 },
    )
  })

  it('behavior: the native engine and the portable one agree on every input [KEY-ENGINE-1]', () => {
    const noise = fc.uint8Array({ minLength: 64, maxLength: 64 })
    const edge = fc
      .constantFrom(0n, 1n, 2n, ORDER - 1n, ORDER, ORDER >> 1n, (ORDER >> 1n) + 1n, 2n ** 256n - 1n)
      .map((value) => bigintToBytes(value, 32))
    const compact = fc.oneof(
      noise,
      fc.tuple(edge, edge).map(([r, s]) => concatBytes(r, s)),
      fc.tuple(scalar, edge).map(([r, s]) => concatBytes(r, s)),
    )
    fc.assert(
      fc.property(compact, fc.constantFrom(0, 1, 26, 27, 28, 29, 30, 255), digest, (body, v, hash) => {
        const signature = concatBytes(body, Uint8Array.of(v))
        resetSignatureEngine()
        const portable = recoverAddress(hash, signature)
        setSignatureEngine(nativeEngine)
        expect(signatureEngineName()).toBe('libsecp256k1')
        expect(recoverAddress(hash, signature)).toBe(portable)
      }),
      { numRuns: 150 },
    )
  })

  it('behavior: native and portable signatures and public keys are the same bytes', () => {
    fc.assert(
      fc.property(scalar, digest, (key, hash) => {
        resetSignatureEngine()
        const portable = bytesToHex(signDigest(hash, key))
        setSignatureEngine(nativeEngine)
        expect(bytesToHex(signDigest(hash, key))).toBe(portable)
        const address = privateKeyToAddress(key)
        resetSignatureEngine()
        expect(privateKeyToAddress(key)).toBe(address)
      }),
      { numRuns: 20 },
    )
  })

  it('error: the other half of s, other v and zeros belong to nobody [KEY-SIG-1]', () => {
    const key = new Uint8Array(32).fill(9)
    const hash = new Uint8Array(32).fill(3)
    const good = signDigest(hash, key)
    const flipped = concatBytes(
      good.subarray(0, 32),
      bigintToBytes(ORDER - bytesToBigint(good.subarray(32, 64)), 32),
      Uint8Array.of(55 - (good[64] as number)),
    )
    const zeroR = concatBytes(new Uint8Array(32), good.subarray(32))
    const zeroS = concatBytes(good.subarray(0, 32), new Uint8Array(32), good.subarray(64))
    const otherV = concatBytes(good.subarray(0, 64), Uint8Array.of((good[64] as number) - 27))
    for (const bad of [flipped, zeroR, zeroS, otherV, good.subarray(0, 64)]) {
      expect(isCanonicalSignature(bad)).toBe(false)
      expect(recoverAddress(hash, bad)).toBeUndefined()
    }
    expect(recoverAddress(new Uint8Array(31), good)).toBeUndefined()
  })

  it('error: bad keys, digests and engines have codes', () => {
    expect(() => signDigest(new Uint8Array(31), new Uint8Array(32).fill(1))).toThrow(
      expect.objectContaining({ code: 'primitive.digest' }),
    )
    expect(() => privateKeyToAddress(new Uint8Array(32))).toThrow(expect.objectContaining({ code: 'primitive.key' }))
    expect(() => publicKeyToAddress(new Uint8Array(33).fill(2).fill(255, 1))).toThrow(
      expect.objectContaining({ code: 'primitive.key' }),
    )
    const wrong = [{ recover: () => undefined }, { publicKey: () => new Uint8Array(65).fill(4) }]
    for (const answer of wrong) {
      expect(() => setSignatureEngine({ ...nativeEngine, ...answer })).toThrow(
        expect.objectContaining({ code: 'primitive.engine' }),
      )
    }
  })
})
