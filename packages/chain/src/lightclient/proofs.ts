import {
  decodeListProof,
  decodeSparseProof,
  type ListProof,
  type Receipt,
  type SignedHeader,
  type SignedTransaction,
  type SparseProof,
  statePath,
  transactionId,
  verifyListProof,
  verifyReceiptProof,
  verifySparseProof,
  verifyTransactionProof,
} from '#kernel'
import { type Address, AelfError, type Bytes, type Hash, type Hex, hexToBytes } from '#primitives'
import { LightClientError } from './error.ts'
import { type HeaderTrust, verifyHeader } from './header.ts'

export interface StateProofInput extends HeaderTrust {
  readonly header: SignedHeader
  /** Decoded proof or its hex. */
  readonly proof: SparseProof | Hex
  readonly path: Hash
  /** Undefined claims that the path holds nothing. */
  readonly value: Bytes | undefined
}

/** Name of a value: the path is computed here, not taken from a server. */
export interface StateKey {
  readonly contract: Address
  readonly item: number
  /** Canonical bytes of the key fields. */
  readonly key: Bytes
}

function decoded<T extends object>(proof: T | Hex, decode: (bytes: Bytes) => T): T | LightClientError {
  if (typeof proof !== 'string') return proof
  try {
    return decode(hexToBytes(proof))
  } catch (cause) {
    return new LightClientError('light.proof', 'the proof does not decode', { cause })
  }
}

/** Undefined when the header deserves trust and the path holds exactly `value` under its state root; otherwise the reason. */
export function verifyStateProof(input: StateProofInput): LightClientError | undefined {
  const headerFailure = verifyHeader(input.header, input)
  if (headerFailure) return headerFailure
  const proof = decoded(input.proof, decodeSparseProof)
  if (proof instanceof LightClientError) return proof
  if (verifySparseProof(input.header.stateRoot, input.path, input.value, proof)) return undefined
  return new LightClientError('light.state', 'the value is not proven under the state root', {
    details: { path: input.path },
  })
}

/** As `verifyStateProof`, for a value named by contract, item and key. */
export function verifyStateValue(input: Omit<StateProofInput, 'path'> & StateKey): LightClientError | undefined {
  return verifyStateProof({ ...input, path: statePath(input.contract, input.item, input.key) })
}

export interface TransactionProofInput extends HeaderTrust {
  readonly header: SignedHeader
  readonly transaction: SignedTransaction
  readonly proof: ListProof | Hex
  /** When given, the transaction must have this id. */
  readonly id?: Hash
}

/** Undefined when the header deserves trust and its block contains this transaction; otherwise the reason. */
export function verifyTransactionInclusion(input: TransactionProofInput): LightClientError | undefined {
  const headerFailure = verifyHeader(input.header, input)
  if (headerFailure) return headerFailure
  const proof = decoded(input.proof, decodeListProof)
  if (proof instanceof LightClientError) return proof
  try {
    if (input.id !== undefined && transactionId(input.transaction) !== input.id) {
      return new LightClientError('light.transaction', 'the transaction has another id', { details: { id: input.id } })
    }
    if (verifyTransactionProof(input.header.transactionRoot, input.transaction, proof)) return undefined
  } catch (cause) {
    if (!(cause instanceof AelfError)) throw cause
    return new LightClientError('light.transaction', 'the transaction does not encode', { cause })
  }
  return new LightClientError('light.transaction', 'the transaction is not proven under the transaction root')
}

export interface ReceiptProofInput extends HeaderTrust {
  readonly header: SignedHeader
  readonly receipt: Receipt
  readonly proof: ListProof | Hex
  readonly id?: Hash
}

/** Undefined when the header deserves trust and its block produced this receipt; otherwise the reason. */
export function verifyReceiptInclusion(input: ReceiptProofInput): LightClientError | undefined {
  const headerFailure = verifyHeader(input.header, input)
  if (headerFailure) return headerFailure
  const proof = decoded(input.proof, decodeListProof)
  if (proof instanceof LightClientError) return proof
  if (input.id !== undefined && input.receipt.transactionId !== input.id) {
    return new LightClientError('light.receipt', 'the receipt belongs to another transaction', {
      details: { id: input.id },
    })
  }
  try {
    if (verifyReceiptProof(input.header.receiptRoot, input.receipt, proof)) return undefined
  } catch (cause) {
    if (!(cause instanceof AelfError)) throw cause
    return new LightClientError('light.receipt', 'the receipt does not encode', { cause })
  }
  return new LightClientError('light.receipt', 'the receipt is not proven under the receipt root')
}

/** Membership of encoded bytes in any list root of a trusted header. */
export function verifyListInclusion(input: {
  readonly root: Hash
  readonly item: Bytes
  readonly proof: ListProof | Hex
}): boolean {
  const proof = decoded(input.proof, decodeListProof)
  return !(proof instanceof LightClientError) && verifyListProof(input.root, input.item, proof)
}
