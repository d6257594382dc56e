import { describe, expect, it } from 'vitest'
import {
  EMPTY_LIST_ROOT,
  emptySparseTree,
  encodeListProof,
  encodeSparseProof,
  type Header,
  proveReceipt,
  proveTransaction,
  type Receipt,
  receiptRootOf,
  type SignedTransaction,
  signHeader,
  statePath,
  systemAddress,
  transactionId,
  transactionRootOf,
} from '#kernel'
import { asHash, bytesToHex, privateKeyToAddress, ZERO_HASH } from '#primitives'
import {
  verifyHeader,
  verifyReceiptInclusion,
  verifyStateProof,
  verifyStateValue,
  verifyTransactionInclusion,
} from './index.ts'

const key = new Uint8Array(32).fill(1)
const producer = privateKeyToAddress(key)
const contract = systemAddress(1)
const paths = [1, 2, 3].map((seed) => statePath(contract, 1, Uint8Array.of(seed)))
const tree = emptySparseTree().update(new Map(paths.map((path, index) => [path, Uint8Array.of(index)])))
const transaction = (nonce: string): SignedTransaction => ({
  version: 1,
  walletChainId: 1n,
  from: producer,
  contract,
  method: 1,
  args: new Uint8Array(0),
  refHeight: 1n,
  refHash: '0x0000000000000000',
  feeLimit: 1n,
  nonce: `0x${nonce.repeat(8)}`,
  authorization: { kind: 0, signature: `0x${'11'.repeat(65)}` },
})
const transactions = ['01', '02', '03'].map(transaction)
const receipts: Receipt[] = transactions.map((tx) => ({
  transactionId: transactionId(tx),
  status: 'success',
  fee: 1n,
  events: [],
}))
const content: Header = {
  version: 1,
  chainId: 1,
  height: 5n,
  parentHash: ZERO_HASH,
  slot: 9n,
  producer,
  transactionRoot: transactionRootOf(transactions),
  receiptRoot: receiptRootOf(receipts),
  stateRoot: tree.root,
  indexRoot: EMPTY_LIST_ROOT,
  signal: ZERO_HASH,
  consensus: new Uint8Array(0),
  extension: new Uint8Array(0),
}
const header = signHeader(content, key)
const path = paths[0] ?? ZERO_HASH
const absent = statePath(contract, 1, Uint8Array.of(9))

describe('verifyHeader', () => {
  it('default: a known hash or a known producer [LIGHT-HDR-1]', () => {
    expect(verifyHeader(header, { trustedHash: header.hash })).toBeUndefined()
    expect(verifyHeader(header, { producers: [producer] })).toBeUndefined()
  })
  it('error: every lie has its code', () => {
    expect(verifyHeader(header, {})?.code).toBe('light.header')
    expect(verifyHeader(header, { producers: [] })?.code).toBe('light.producer')
    expect(verifyHeader({ ...header, stateRoot: ZERO_HASH }, { trustedHash: header.hash })?.code).toBe('light.header')
    expect(verifyHeader({ ...header, stateRoot: ZERO_HASH }, { producers: [producer] })?.code).toBe('light.signature')
    expect(verifyHeader(signHeader(content, new Uint8Array(32).fill(2)), { producers: [producer] })?.code).toBe(
      'light.signature',
    )
  })
})

describe('proofs', () => {
  const trust = { producers: [producer] }
  it('default: values, absence, transactions, receipts [LIGHT-PATH-1] [LIGHT-PROOF-1]', () => {
    const proof = tree.prove(path)
    expect(verifyStateProof({ header, ...trust, proof, path, value: Uint8Array.of(0) })).toBeUndefined()
    expect(
      verifyStateProof({
        header,
        ...trust,
        proof: bytesToHex(encodeSparseProof(proof)),
        path,
        value: Uint8Array.of(0),
      }),
    ).toBeUndefined()
    expect(
      verifyStateValue({ header, ...trust, proof, contract, item: 1, key: Uint8Array.of(1), value: Uint8Array.of(0) }),
    ).toBeUndefined()
    expect(
      verifyStateProof({ header, ...trust, proof: tree.prove(absent), path: absent, value: undefined }),
    ).toBeUndefined()
    for (const [index, tx] of transactions.entries()) {
      const inclusion = bytesToHex(encodeListProof(proveTransaction(transactions, index)))
      expect(
        verifyTransactionInclusion({ header, ...trust, transaction: tx, proof: inclusion, id: transactionId(tx) }),
      ).toBeUndefined()
      expect(
        verifyReceiptInclusion({
          header,
          ...trust,
          receipt: receipts[index] as Receipt,
          proof: proveReceipt(receipts, index),
          id: transactionId(tx),
        }),
      ).toBeUndefined()
    }
  })
  it('error: every lie has its code', () => {
    const proof = tree.prove(path)
    expect(verifyStateProof({ header, ...trust, proof, path, value: Uint8Array.of(7) })?.code).toBe('light.state')
    expect(verifyStateProof({ header, ...trust, proof, path, value: undefined })?.code).toBe('light.state')
    expect(verifyStateProof({ header, ...trust, proof: '0x01', path, value: undefined })?.code).toBe('light.proof')
    expect(
      verifyStateProof({ header, trustedHash: asHash(`0x${'01'.repeat(32)}`), proof, path, value: Uint8Array.of(0) })
        ?.code,
    ).toBe('light.header')
    const inclusion = proveTransaction(transactions, 0)
    const [first, second] = transactions as [SignedTransaction, SignedTransaction]
    expect(verifyTransactionInclusion({ header, ...trust, transaction: second, proof: inclusion })?.code).toBe(
      'light.transaction',
    )
    expect(
      verifyTransactionInclusion({ header, ...trust, transaction: first, proof: inclusion, id: transactionId(second) })
        ?.code,
    ).toBe('light.transaction')
    expect(
      verifyTransactionInclusion({ header, ...trust, transaction: { ...first, nonce: '0x' }, proof: inclusion })?.code,
    ).toBe('light.transaction')
    const [receipt] = receipts as [Receipt]
    expect(
      verifyReceiptInclusion({ header, ...trust, receipt: { ...receipt, fee: 2n }, proof: proveReceipt(receipts, 0) })
        ?.code,
    ).toBe('light.receipt')
    expect(
      verifyReceiptInclusion({ header, ...trust, receipt: { ...receipt, fee: -2n }, proof: proveReceipt(receipts, 0) })
        ?.code,
    ).toBe('light.receipt')
    expect(
      verifyReceiptInclusion({ header, ...trust, receipt, proof: proveReceipt(receipts, 0), id: ZERO_HASH })?.code,
    ).toBe('light.receipt')
  })
})
