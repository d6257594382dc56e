import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeHeaderData } from '#consensus/dpos'
import {
  decodeHeader,
  decodeProducers,
  decodeReceipt,
  EMPTY_LIST_ROOT,
  emptySparseTree,
  encodeHeader,
  encodeListProof,
  encodeProducers,
  encodeReceipt,
  encodeSparseProof,
  type Header,
  producersHash,
  proveReceipt,
  type Receipt,
  receiptRootOf,
  type SignedHeader,
  signHeader,
  statePath,
  systemAddress,
} from '#kernel'
import { AelfError, asHash, type Bytes, bytesToHex, hexToBytes, privateKeyToAddress, ZERO_HASH } from '#primitives'
import { verifyAnchored, verifyReceiptInclusion, verifyStateValue } from './index.ts'

// Everything a server may send about one value and one receipt, as bytes; whatever byte changes, the whole is refused.

const keys = [1, 2, 3, 4].map((seed) => new Uint8Array(32).fill(seed))
const producers = keys.map((key) => ({
  address: privateKeyToAddress(key),
  commitment: asHash(`0x${'0a'.repeat(32)}`),
}))
const GENESIS = asHash(`0x${'ce'.repeat(32)}`)
const contract = systemAddress(1)
const entries = Array.from({ length: 40 }, (_, index) => Uint8Array.of(index))
const tree = emptySparseTree().update(
  new Map(entries.map((key) => [statePath(contract, 1, key), Uint8Array.of(7, ...key)])),
)
const receipts: Receipt[] = entries.map((key) => ({
  transactionId: asHash(`0x${bytesToHex(key).slice(2).repeat(32)}`),
  status: 'success',
  fee: 5n,
  events: [{ contract, number: 1, data: key }],
}))

const headers: SignedHeader[] = []
for (const [index, key] of keys.slice(0, 3).entries()) {
  const consensus = encodeHeaderData({
    round: 1n,
    term: 1,
    reveal: ZERO_HASH,
    prevotedHeight: 0n,
    generatedHeight: 0n,
    nextProducers: ZERO_HASH,
    evicted: [],
  })
  const content: Header = {
    version: 1,
    chainId: 1,
    height: 5n + BigInt(index),
    parentHash: headers.at(-1)?.hash ?? ZERO_HASH,
    slot: 9n + BigInt(index),
    producer: privateKeyToAddress(key),
    transactionRoot: EMPTY_LIST_ROOT,
    receiptRoot: receiptRootOf(receipts),
    stateRoot: tree.root,
    indexRoot: EMPTY_LIST_ROOT,
    signal: ZERO_HASH,
    consensus,
    extension: hexToBytes(GENESIS),
  }
  headers.push(signHeader(content, key))
}

const KEY = Uint8Array.of(3)
const honest: readonly Bytes[] = [
  ...headers.map(encodeHeader),
  encodeProducers(producers),
  encodeSparseProof(tree.prove(statePath(contract, 1, KEY))),
  Uint8Array.of(7, 3),
  encodeListProof(proveReceipt(receipts, 3)),
  encodeReceipt(receipts[3] as Receipt),
]

/** Code of the first refusal; undefined when everything holds. */
function check(parts: readonly Bytes[]): string | undefined {
  try {
    const part = (index: number): Bytes => parts[index] as Bytes
    const [target, ...descendants] = [0, 1, 2].map((index) => decodeHeader(part(index))) as [
      SignedHeader,
      ...SignedHeader[],
    ]
    const list = decodeProducers(part(3))
    const pinned = { chainId: 1, genesisHash: GENESIS, term: 1, producersHash: producersHash(producers) }
    const anchor = verifyAnchored({ target, descendants, producers: list, pinned })
    if (anchor.failure) return anchor.failure.code
    const trust = { header: target, trustedHash: target.hash }
    const state = verifyStateValue({
      ...trust,
      contract,
      item: 1,
      key: KEY,
      proof: bytesToHex(part(4)),
      value: part(5),
    })
    if (state) return state.code
    const id = receipts[3]?.transactionId ?? ZERO_HASH
    return verifyReceiptInclusion({ ...trust, receipt: decodeReceipt(part(7)), proof: bytesToHex(part(6)), id })?.code
  } catch (error) {
    if (error instanceof AelfError) return error.code
    throw error
  }
}

describe('tampering', () => {
  it('default: what nobody touched holds', () => {
    expect(check(honest)).toBeUndefined()
  })

  it('behavior: whichever byte is changed, in whatever way, a code says no [LIGHT-TAMPER-1]', () => {
    const place = fc
      .nat({ max: honest.length - 1 })
      .chain((part) =>
        fc.tuple(
          fc.constant(part),
          fc.nat({ max: (honest[part] as Bytes).length - 1 }),
          fc.integer({ min: 1, max: 255 }),
        ),
      )
    fc.assert(
      fc.property(place, ([part, offset, mask]) => {
        const changed = Uint8Array.from(honest[part] as Bytes)
        changed[offset] = (changed[offset] as number) ^ mask
        expect(check(honest.with(part, changed))).toMatch(/^\w+\.\w+$/)
      }),
      { numRuns: 250 },
    )
  })

  it('behavior: cut and lengthened parts are refused [LIGHT-TAMPER-1]', () => {
    for (const [index, part] of honest.entries()) {
      expect(check(honest.with(index, part.slice(0, -1)))).toBeDefined()
      expect(check(honest.with(index, Uint8Array.from([...part, 0])))).toBeDefined()
    }
  })
})
