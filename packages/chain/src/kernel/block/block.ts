import { type Bytes, CodecError, type Hash, type Reader, reader, type Writer, writer } from '#primitives'
import { KernelError } from '../error.ts'
import { type ListProof, listRoot, proveListItem, verifyListProof } from '../merkle/binary.ts'
import {
  decodeSharedTransaction,
  encodeTransaction,
  MAX_TRANSACTION_BYTES,
  sharedEncoding,
} from '../transaction/codec.ts'
import type { SignedTransaction } from '../transaction/types.ts'
import { readHeader, writeHeader } from './header.ts'
import type { Block } from './types.ts'

export const MAX_BLOCK_BYTES = 4_194_304
export const MAX_BLOCK_TRANSACTIONS = 10_000

function writeTransactions(out: Writer, transactions: readonly SignedTransaction[]): void {
  const count = transactions.length
  if (count > MAX_BLOCK_TRANSACTIONS)
    throw new KernelError('block.tooMany', 'more than 10000 transactions', { details: { count } })
  out.u32(count)
  for (const transaction of transactions) out.bytes(sharedEncoding(transaction))
}

/** The source of the reader must not change: transactions are views of it. */
function readTransactions(input: Reader): SignedTransaction[] {
  const count = input.u32()
  if (count > MAX_BLOCK_TRANSACTIONS)
    throw new CodecError('codec.limit', 'more than 10000 transactions', { details: { count } })
  const transactions: SignedTransaction[] = []
  for (let index = 0; index < count; index++) transactions.push(decodeSharedTransaction(input.view()))
  return transactions
}

function checkSize(bytes: Bytes): Bytes {
  if (bytes.length <= MAX_BLOCK_BYTES) return bytes
  throw new KernelError('block.tooLarge', 'block above 4 MiB', { details: { length: bytes.length } })
}

/** Signed header, u32 count, then each transaction with a u32 length. Throws `block.tooLarge`, `block.tooMany`. */
export function encodeBlock(block: Block): Bytes {
  const out = writer()
  writeHeader(out, block.header)
  writeTransactions(out, block.transactions)
  return checkSize(out.finish())
}

/** Inverse of `encodeBlock`. Roots and signatures are not checked here. Throws `KernelError`, `CodecError`. */
export function decodeBlock(bytes: Bytes): Block {
  // One copy for all transactions: each of its own costs more than reading it.
  const own = new Uint8Array(checkSize(bytes))
  const input = reader(own, { limits: { bytes: MAX_TRANSACTION_BYTES } })
  const header = readHeader(input, own)
  const transactions = readTransactions(input)
  input.end()
  return { header, transactions }
}

/** A block without its header: u32 count, then each transaction with a u32 length. Throws `block.tooLarge`, `block.tooMany`. */
export function encodeBody(transactions: readonly SignedTransaction[]): Bytes {
  const out = writer()
  writeTransactions(out, transactions)
  return checkSize(out.finish())
}

/** Inverse of `encodeBody`. The root is not checked here. Throws `KernelError`, `CodecError`. */
export function decodeBody(bytes: Bytes): SignedTransaction[] {
  const input = reader(new Uint8Array(checkSize(bytes)), { limits: { bytes: MAX_TRANSACTION_BYTES } })
  const transactions = readTransactions(input)
  input.end()
  return transactions
}

/** The body within an encoded block, without decoding it. */
export function bodyOf(block: Bytes): Bytes {
  const input = reader(block)
  readHeader(input, block)
  return block.subarray(block.length - input.remaining())
}

/** Lists of a block are never changed, and their root is asked for where they come in and where they are imported. */
const roots = new WeakMap<readonly SignedTransaction[], Hash>()

/** Root over whole envelopes, so a header binds the signatures as well as the ids. */
export function transactionRootOf(transactions: readonly SignedTransaction[]): Hash {
  const known = roots.get(transactions)
  if (known !== undefined) return known
  const root = listRoot(transactions.map(sharedEncoding))
  roots.set(transactions, root)
  return root
}

export function proveTransaction(transactions: readonly SignedTransaction[], index: number): ListProof {
  return proveListItem(transactions.map(sharedEncoding), index)
}

export function verifyTransactionProof(root: Hash, transaction: SignedTransaction, proof: ListProof): boolean {
  return verifyListProof(root, encodeTransaction(transaction), proof)
}
