import { type Bytes, CodecError, type Hash, reader, writer } from '#primitives'
import { KernelError } from '../error.ts'
import { type ListProof, listRoot, proveListItem, verifyListProof } from '../merkle/binary.ts'
import { decodeTransaction, encodeTransaction, MAX_TRANSACTION_BYTES, sharedEncoding } from '../transaction/codec.ts'
import type { SignedTransaction } from '../transaction/types.ts'
import { readHeader, writeHeader } from './header.ts'
import type { Block } from './types.ts'

export const MAX_BLOCK_BYTES = 4_194_304
export const MAX_BLOCK_TRANSACTIONS = 10_000

/** Signed header, u32 count, then each transaction with a u32 length. Throws `block.tooLarge`, `block.tooMany`. */
export function encodeBlock(block: Block): Bytes {
  const count = block.transactions.length
  if (count > MAX_BLOCK_TRANSACTIONS)
    throw new KernelError('block.tooMany', 'more than 10000 transactions', { details: { count } })
  const out = writer()
  writeHeader(out, block.header)
  out.u32(count)
  for (const transaction of block.transactions) out.bytes(sharedEncoding(transaction))
  const bytes = out.finish()
  if (bytes.length > MAX_BLOCK_BYTES)
    throw new KernelError('block.tooLarge', 'block above 4 MiB', { details: { length: bytes.length } })
  return bytes
}

/** Inverse of `encodeBlock`. Roots and signatures are not checked here. Throws `KernelError`, `CodecError`. */
export function decodeBlock(bytes: Bytes): Block {
  if (bytes.length > MAX_BLOCK_BYTES)
    throw new KernelError('block.tooLarge', 'block above 4 MiB', { details: { length: bytes.length } })
  const input = reader(bytes, { limits: { bytes: MAX_TRANSACTION_BYTES } })
  const header = readHeader(input)
  const count = input.u32()
  if (count > MAX_BLOCK_TRANSACTIONS)
    throw new CodecError('codec.limit', 'more than 10000 transactions', { details: { count } })
  const transactions: SignedTransaction[] = []
  for (let index = 0; index < count; index++) transactions.push(decodeTransaction(input.bytes()))
  input.end()
  return { header, transactions }
}

/** Root over whole envelopes, so a header binds the signatures as well as the ids. */
export function transactionRootOf(transactions: readonly SignedTransaction[]): Hash {
  return listRoot(transactions.map(sharedEncoding))
}

export function proveTransaction(transactions: readonly SignedTransaction[], index: number): ListProof {
  return proveListItem(transactions.map(sharedEncoding), index)
}

export function verifyTransactionProof(root: Hash, transaction: SignedTransaction, proof: ListProof): boolean {
  return verifyListProof(root, encodeTransaction(transaction), proof)
}
