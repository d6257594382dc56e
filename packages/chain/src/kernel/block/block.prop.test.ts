import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asAddress, asHash, type Bytes, bytesToHex, privateKeyToAddress, ZERO_HASH } from '#primitives'
import {
  type Block,
  decodeBlock,
  decodeHeader,
  decodeReceipt,
  EMPTY_LIST_ROOT,
  encodeBlock,
  encodeHeader,
  encodeReceipt,
  encodeTransaction,
  type Header,
  headerHash,
  MAX_BLOCK_BYTES,
  proveReceipt,
  proveTransaction,
  type Receipt,
  receiptRootOf,
  type SignedTransaction,
  sealHeader,
  signHeader,
  transactionRootOf,
  verifyHeaderSignature,
  verifyReceiptProof,
  verifyTransactionProof,
} from '../index.ts'

const hexOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex)
const hash = hexOf(32).map(asHash)
const address = hexOf(20).map(asAddress)
const natural = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })

const anyHeader: fc.Arbitrary<Header> = fc.record({
  version: fc.constant<1>(1),
  chainId: fc.nat(0xffffffff),
  height: natural(64),
  parentHash: hash,
  slot: natural(64),
  producer: address,
  transactionRoot: hash,
  receiptRoot: hash,
  stateRoot: hash,
  indexRoot: hash,
  signal: hash,
  consensus: fc.uint8Array({ maxLength: 100 }),
  extension: fc.uint8Array({ maxLength: 100 }),
})
const anyReceipt: fc.Arbitrary<Receipt> = fc.oneof(
  fc.record({
    transactionId: hash,
    status: fc.constant<'success'>('success'),
    fee: natural(128),
    events: fc.array(fc.record({ contract: address, number: fc.nat(65535), data: fc.uint8Array({ maxLength: 50 }) }), {
      maxLength: 4,
    }),
  }),
  fc.record({
    transactionId: hash,
    status: fc.constant<'failed'>('failed'),
    error: fc.record({ contract: fc.nat(65535), error: fc.nat(65535) }),
    fee: natural(128),
    events: fc.constant([]),
  }),
)
const anyTransaction: fc.Arbitrary<SignedTransaction> = fc.record({
  version: fc.constant<1>(1),
  walletChainId: natural(64),
  from: address,
  contract: address,
  method: fc.nat(0xffff),
  args: fc.uint8Array({ maxLength: 60 }),
  refHeight: natural(64),
  refHash: hexOf(8),
  feeLimit: natural(128),
  nonce: hexOf(8),
  authorization: fc.record({ kind: fc.constant<0>(0), signature: hexOf(65) }),
})

const key = new Uint8Array(32).fill(1)
const plain: Header = {
  version: 1,
  chainId: 1,
  height: 2n,
  parentHash: ZERO_HASH,
  slot: 3n,
  producer: privateKeyToAddress(key),
  transactionRoot: EMPTY_LIST_ROOT,
  receiptRoot: EMPTY_LIST_ROOT,
  stateRoot: ZERO_HASH,
  indexRoot: EMPTY_LIST_ROOT,
  signal: ZERO_HASH,
  consensus: new Uint8Array(0),
  extension: new Uint8Array(0),
}

/** Every single-byte change either does not decode or decodes to a value that encodes to exactly the changed bytes. */
function expectOneForm<T>(bytes: Bytes, codec: { decode: (bytes: Bytes) => T; encode: (value: T) => Bytes }): void {
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice()
    changed[at] = (changed[at] as number) ^ 1
    let value: T
    try {
      value = codec.decode(changed)
    } catch {
      continue
    }
    expect(bytesToHex(codec.encode(value))).toBe(bytesToHex(changed))
  }
}

describe('header', () => {
  it('behavior: round trip, hash over everything but the signature [HDR-HASH-1]', () => {
    fc.assert(
      fc.property(anyHeader, hexOf(65), (header, signature) => {
        const sealed = sealHeader(header, signature)
        expect(sealed.hash).toBe(headerHash(header))
        expect(decodeHeader(encodeHeader(sealed))).toEqual(sealed)
      }),
    )
    expectOneForm(encodeHeader(signHeader(plain, key)), { decode: decodeHeader, encode: encodeHeader })
  })
  it('behavior: only the producer signs, and only this content', () => {
    const header = signHeader(plain, key)
    expect(verifyHeaderSignature(header)).toBe(true)
    expect(verifyHeaderSignature({ ...header, height: 3n })).toBe(false)
    expect(verifyHeaderSignature(sealHeader({ ...plain, height: 3n }, header.signature))).toBe(false)
    expect(verifyHeaderSignature(signHeader(plain, new Uint8Array(32).fill(2)))).toBe(false)
  })
  it('error: versions, limits, lengths [HDR-CONSENSUS-1] [HDR-SIGNAL-1]', () => {
    const header = signHeader(plain, key)
    expect(() => headerHash({ ...plain, consensus: new Uint8Array(4097) })).toThrow(
      expect.objectContaining({ code: 'header.tooLarge' }),
    )
    expect(() => headerHash({ ...plain, extension: new Uint8Array(1025) })).toThrow(
      expect.objectContaining({ code: 'header.tooLarge' }),
    )
    expect(() => sealHeader(plain, '0x00')).toThrow(expect.objectContaining({ code: 'header.signature' }))
    expect(() => headerHash({ ...plain, chainId: -1 })).toThrow(expect.objectContaining({ code: 'codec.range' }))
    expect(() => headerHash({ ...plain, producer: asAddress(`0x${'00'.repeat(20)}`).slice(0, 40) as never })).toThrow()
    expect(() => decodeHeader(Uint8Array.from([...encodeHeader(header), 0]))).toThrow(
      expect.objectContaining({ code: 'codec.trailing' }),
    )
    expect(() => decodeHeader(Uint8Array.from([9, ...encodeHeader(header).subarray(1)]))).toThrow(
      expect.objectContaining({ code: 'header.version' }),
    )
  })
})

describe('block', () => {
  it('behavior: round trip and transaction proofs that bind the signature [HDR-ROOT-1]', () => {
    fc.assert(
      fc.property(fc.array(anyTransaction, { minLength: 1, maxLength: 6 }), fc.nat(), (transactions, pick) => {
        const root = transactionRootOf(transactions)
        const block: Block = { header: signHeader({ ...plain, transactionRoot: root }, key), transactions }
        expect(decodeBlock(encodeBlock(block))).toEqual(block)
        const index = pick % transactions.length
        const tx = transactions[index] as SignedTransaction
        const proof = proveTransaction(transactions, index)
        expect(verifyTransactionProof(root, tx, proof)).toBe(true)
        const flipped = encodeTransaction(tx).at(-1) === 0 ? '01' : '00'
        const resigned: SignedTransaction = {
          ...tx,
          authorization: {
            kind: 0,
            signature: `${tx.authorization.signature.slice(0, -2)}${flipped}` as `0x${string}`,
          },
        }
        expect(verifyTransactionProof(root, resigned, proof)).toBe(false)
      }),
      { numRuns: 20 },
    )
  })
  it('error: size and count [BLK-ENC-1]', () => {
    const header = signHeader(plain, key)
    expect(() => decodeBlock(new Uint8Array(MAX_BLOCK_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'block.tooLarge' }),
    )
    expect(() => decodeBlock(Uint8Array.from([...encodeHeader(header), 0, 0, 0x27, 0x11]))).toThrow(
      expect.objectContaining({ code: 'codec.limit' }),
    )
    expect(() => encodeBlock({ header, transactions: new Array<SignedTransaction>(10_001) })).toThrow(
      expect.objectContaining({ code: 'block.tooMany' }),
    )
    expect(() => decodeBlock(Uint8Array.from([...encodeHeader(header), 0, 0, 0, 1]))).toThrow(
      expect.objectContaining({ code: 'codec.short' }),
    )
  })
})

describe('receipt', () => {
  it('behavior: round trip and proofs [RCP-ENC-1]', () => {
    fc.assert(
      fc.property(fc.array(anyReceipt, { minLength: 1, maxLength: 6 }), fc.nat(), (receipts, pick) => {
        for (const receipt of receipts) expect(decodeReceipt(encodeReceipt(receipt))).toEqual(receipt)
        const index = pick % receipts.length
        const receipt = receipts[index] as Receipt
        const proof = proveReceipt(receipts, index)
        expect(verifyReceiptProof(receiptRootOf(receipts), receipt, proof)).toBe(true)
        expect(verifyReceiptProof(receiptRootOf(receipts), { ...receipt, fee: receipt.fee ^ 1n }, proof)).toBe(false)
        expectOneForm(encodeReceipt(receipt), { decode: decodeReceipt, encode: encodeReceipt })
      }),
      { numRuns: 30 },
    )
  })
  it('error: a status that contradicts the error', () => {
    const receipt: Receipt = { transactionId: ZERO_HASH, status: 'failed', fee: 0n, events: [] }
    expect(() => encodeReceipt(receipt)).toThrow(expect.objectContaining({ code: 'receipt.status' }))
    expect(() => encodeReceipt({ ...receipt, status: 'success', error: { contract: 1, error: 1 } })).toThrow(
      expect.objectContaining({ code: 'receipt.status' }),
    )
    expect(() => decodeReceipt(new Uint8Array(33).fill(2))).toThrow(expect.objectContaining({ code: 'codec.bool' }))
  })
})
