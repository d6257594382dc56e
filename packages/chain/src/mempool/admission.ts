import {
  areArgs,
  decodeArgs,
  decodeSharedTransaction,
  KernelError,
  MAX_TRANSACTION_BYTES,
  type MethodDescriptor,
  type SignedTransaction,
  signatureBytes,
  transactionId,
} from '#kernel'
import { type Amount, type Bytes, CodecError, type Hash, isCanonicalSignature, PrimitiveError } from '#primitives'
import { TxError } from './errors.ts'
import { MARK_WINDOW } from './limits.ts'
import type { MempoolChain, MempoolDeps } from './types.ts'

export interface Candidate {
  readonly id: Hash
  readonly transaction: SignedTransaction
  readonly envelope: Bytes
  readonly method: MethodDescriptor
  readonly fee: Amount
}

function isDecodingError(error: unknown): boolean {
  return error instanceof CodecError || error instanceof KernelError || error instanceof PrimitiveError
}

function decode(envelope: Bytes, read: (envelope: Bytes) => SignedTransaction): SignedTransaction {
  if (envelope.length > MAX_TRANSACTION_BYTES) {
    throw new TxError('tx.tooLarge', `A transaction of ${envelope.length} bytes`, {
      details: { bytes: envelope.length },
    })
  }
  try {
    return read(envelope)
  } catch (cause) {
    if (!isDecodingError(cause)) throw cause
    throw new TxError('tx.malformed', 'The transaction does not decode', { cause })
  }
}

function checkArguments(transaction: SignedTransaction, method: MethodDescriptor): void {
  if (areArgs(method.abi, transaction.args)) return
  try {
    decodeArgs(method.abi, transaction.args)
  } catch (cause) {
    if (!isDecodingError(cause)) throw cause
    throw new TxError('tx.malformedArguments', `The arguments of ${method.contract}.${method.name} do not decode`, {
      cause,
    })
  }
}

function checkMarkAge({ refHeight }: SignedTransaction, chain: MempoolChain): void {
  if (chain.height() + 1n - refHeight <= MARK_WINDOW) return
  throw new TxError('tx.markExpired', `The mark at height ${refHeight} has expired`, {
    details: { refHeight: refHeight.toString(), height: chain.height().toString() },
  })
}

/** Whether the mark names one of the last 64 blocks, as seen by a block after the head. */
export function hasGoodMark({ refHeight, refHash }: SignedTransaction, chain: MempoolChain): boolean {
  const height = chain.height()
  return refHeight <= height && height + 1n - refHeight <= MARK_WINDOW && chain.markAt(refHeight) === refHash
}

function markUnknown(message: string, refHeight: bigint, chain: MempoolChain): TxError {
  const details = { refHeight: refHeight.toString(), height: chain.height().toString() }
  return new TxError('tx.markUnknown', message, { details })
}

/** Refuses a mark that does not name one of the last 64 blocks, as seen by a block after the head. */
export function checkMark(transaction: SignedTransaction, chain: MempoolChain): void {
  const { refHeight } = transaction
  if (refHeight > chain.height()) throw markUnknown(`There is no block ${refHeight} yet`, refHeight, chain)
  checkMarkAge(transaction, chain)
  if (chain.markAt(refHeight) === transaction.refHash) return
  throw markUnknown(`Block ${refHeight} of this chain has another hash`, refHeight, chain)
}

/**
 * Decodes an envelope and checks all that needs neither the signature nor the contract. With `anyBranch` the mark only has to be
 * young enough: it may name a block of a branch that lost and may win again.
 */
export function screen(
  envelope: Bytes,
  { chain, decode: read = decodeSharedTransaction }: Pick<MempoolDeps, 'chain' | 'decode'>,
  { anyBranch }: { readonly anyBranch: boolean } = { anyBranch: false },
): Candidate {
  const transaction = decode(envelope, read)
  const id = transactionId(transaction)
  const method = chain.method(transaction.contract, transaction.method)
  if (method === undefined) {
    throw new TxError('tx.unknownMethod', `No method ${transaction.method} at ${transaction.contract}`, {
      details: { contract: transaction.contract, method: transaction.method },
    })
  }
  checkArguments(transaction, method)
  if (chain.includes(id, transaction.refHeight))
    throw new TxError('tx.replay', 'The transaction is already in a block', { details: { id } })
  if (anyBranch) checkMarkAge(transaction, chain)
  else checkMark(transaction, chain)
  const fee = chain.fee(envelope.length, method)
  if (fee > transaction.feeLimit) {
    throw new TxError('tx.feeLimitTooLow', `The fee is ${fee}, the limit ${transaction.feeLimit}`, {
      details: { fee: fee.toString(), feeLimit: transaction.feeLimit.toString() },
    })
  }
  if (!isCanonicalSignature(signatureBytes(transaction))) {
    throw new TxError('tx.signatureMalformed', 'The signature is not canonical', { details: { field: 'signature' } })
  }
  return { id, transaction, envelope, method, fee }
}
