import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  decodeHeader,
  decodeListProof,
  decodeReceipt,
  decodeSparseProof,
  decodeTransaction,
  emptySparseTree,
  encodeArgs,
  encodeHeader,
  encodeListProof,
  encodeReceipt,
  encodeSparseProof,
  encodeTransaction,
  encodeUnsignedHeader,
  encodeUnsignedTransaction,
  type FieldValues,
  type Header,
  headerHash,
  listRoot,
  type MethodDescriptor,
  parseSignature,
  proveListItem,
  type Receipt,
  recoverSigner,
  renderIntent,
  signHeader,
  signingDigest,
  signTransaction,
  statePath,
  systemAddress,
  transactionId,
  type UnsignedTransaction,
  verifyListProof,
  verifySparseProof,
} from '#kernel'
import { type Address, bytesToHex, type Hash, type Hex, hexToBytes, taggedHash } from '#primitives'
import { generateVectors } from './generate/index.ts'

function load<T>(name: string): T {
  const text = readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' && /^[0-9]+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as T
}

describe('files', () => {
  it.each(Object.entries(generateVectors()))('behavior: %s.json is what the generator writes', (name, content) => {
    expect(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')).toBe(
      `${JSON.stringify(content, null, 2)}\n`,
    )
  })
})

interface TransactionCase {
  readonly title: string
  readonly network: { readonly name: string; readonly genesisHash: Hash }
  readonly method: {
    readonly name: string
    readonly number: number
    readonly contract: number
    readonly intent: string
    readonly signature: string
  }
  readonly args: FieldValues
  readonly transaction: Omit<UnsignedTransaction, 'args'> & { readonly args: Hex }
  readonly privateKey: Hex
  readonly sentence: string
  readonly unsigned: Hex
  readonly id: Hash
  readonly digest: Hex
  readonly signature: Hex
  readonly encoded: Hex
}

describe('transaction.json', () => {
  it.each(load<{ cases: TransactionCase[] }>('transaction').cases)('default: $title', (entry) => {
    const { name, number, signature, intent } = entry.method
    const method: MethodDescriptor = {
      contract: 'vector',
      contractAddress: systemAddress(entry.method.contract),
      name,
      number,
      signature,
      abi: parseSignature(signature),
      intent,
      doc: '',
      nonParallel: false,
    }
    const tx: UnsignedTransaction = { ...entry.transaction, args: encodeArgs(method.abi, entry.args) }
    expect(bytesToHex(tx.args)).toBe(entry.transaction.args)
    expect(renderIntent(method, entry.args)).toBe(entry.sentence)
    expect(bytesToHex(encodeUnsignedTransaction(tx))).toBe(entry.unsigned)
    expect(transactionId(tx)).toBe(entry.id)
    expect(bytesToHex(signingDigest(tx, method, entry.network))).toBe(entry.digest)
    const signed = signTransaction(tx, { method, network: entry.network, privateKey: hexToBytes(entry.privateKey) })
    expect(signed.authorization.signature).toBe(entry.signature)
    expect(bytesToHex(encodeTransaction(signed))).toBe(entry.encoded)
    expect(decodeTransaction(hexToBytes(entry.encoded))).toEqual(signed)
    expect(recoverSigner(signed, method, entry.network)).toBe(tx.from)
  })
})

interface HeaderCase {
  readonly header: Omit<Header, 'consensus' | 'extension'> & { readonly consensus: Hex; readonly extension: Hex }
  readonly privateKey: Hex
  readonly unsigned: Hex
  readonly hash: Hash
  readonly signature: Hex
  readonly encoded: Hex
}

describe('header.json', () => {
  it.each(load<{ cases: HeaderCase[] }>('header').cases)('default: height $header.height', (entry) => {
    const header: Header = {
      ...entry.header,
      consensus: hexToBytes(entry.header.consensus),
      extension: hexToBytes(entry.header.extension),
    }
    expect(bytesToHex(encodeUnsignedHeader(header))).toBe(entry.unsigned)
    expect(headerHash(header)).toBe(entry.hash)
    const signed = signHeader(header, hexToBytes(entry.privateKey))
    expect(signed.signature).toBe(entry.signature)
    expect(bytesToHex(encodeHeader(signed))).toBe(entry.encoded)
    expect(decodeHeader(hexToBytes(entry.encoded))).toEqual(signed)
  })
})

interface ReceiptCase {
  readonly receipt: Omit<Receipt, 'events'> & {
    readonly events: readonly { contract: Address; number: number; data: Hex }[]
  }
  readonly encoded: Hex
}

describe('receipt.json', () => {
  it.each(load<{ cases: ReceiptCase[] }>('receipt').cases)('default: $encoded', (entry) => {
    const receipt: Receipt = {
      ...entry.receipt,
      events: entry.receipt.events.map((event) => ({ ...event, data: hexToBytes(event.data) })),
    }
    expect(bytesToHex(encodeReceipt(receipt))).toBe(entry.encoded)
    expect(decodeReceipt(hexToBytes(entry.encoded))).toEqual(receipt)
  })
})

interface SparseCase {
  readonly entries: readonly { path: Hash; value: Hex }[]
  readonly root: Hash
  readonly proofs: readonly { path: Hash; value: Hex | null; proof: Hex }[]
}

describe('sparse.json', () => {
  it.each(load<{ cases: SparseCase[] }>('sparse').cases)('default: $root', (entry) => {
    const tree = emptySparseTree().update(new Map(entry.entries.map(({ path, value }) => [path, hexToBytes(value)])))
    expect(tree.root).toBe(entry.root)
    for (const { path, value, proof } of entry.proofs) {
      expect(bytesToHex(encodeSparseProof(tree.prove(path)))).toBe(proof)
      const held = value === null ? undefined : hexToBytes(value)
      expect(verifySparseProof(entry.root, path, held, decodeSparseProof(hexToBytes(proof)))).toBe(true)
    }
  })
})

interface ListCase {
  readonly items: readonly Hex[]
  readonly root: Hash
  readonly proofs: readonly Hex[]
}

describe('list.json', () => {
  it.each(load<{ cases: ListCase[] }>('list').cases)('default: $items.length items', (entry) => {
    const items = entry.items.map((item) => hexToBytes(item))
    expect(listRoot(items)).toBe(entry.root)
    for (const [index, item] of items.entries()) {
      expect(bytesToHex(encodeListProof(proveListItem(items, index)))).toBe(entry.proofs[index])
      expect(verifyListProof(entry.root, item, decodeListProof(hexToBytes(entry.proofs[index] as Hex)))).toBe(true)
    }
  })
})

describe('path.json', () => {
  it('default: all cases', () => {
    for (const entry of load<{ cases: { contract: Address; item: number; key: Hex; path: Hash }[] }>('path').cases) {
      expect(statePath(entry.contract, entry.item, hexToBytes(entry.key))).toBe(entry.path)
    }
  })
})

describe('chainHash.json', () => {
  it('default: each value is the tagged hash of the one before [DPOS-IN-1]', () => {
    const { seed, chain } = load<{ seed: Hash; chain: Hash[] }>('chainHash')
    expect(chain[0]).toBe(seed)
    for (const [index, value] of chain.slice(1).entries())
      expect(taggedHash('aelf/in/1', hexToBytes(chain[index] as Hash))).toBe(value)
  })
})
