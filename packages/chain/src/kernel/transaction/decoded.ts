import { type Address, addressAt, type Bytes, type Hash, type Hex, hexAt } from '#primitives'
import {
  ARGS_AT,
  ARGS_LENGTH_AT,
  AUTHORIZATION_BYTES,
  CHAIN_ID_AT,
  CONTRACT_AT,
  FEE_LIMIT_AFTER,
  FROM_AT,
  METHOD_AT,
  NONCE_AFTER,
  REF_HASH_AFTER,
  SIGNATURE_BYTES,
  UNSIGNED_AFTER,
  uint16At,
  uint32At,
  uint64At,
} from './layout.ts'
import type { Authorization, SignedTransaction } from './types.ts'

/**
 * Reads 8 bytes as `read` does. Most transactions name the same chain, mark and fee limit as the one before: what was made of the same
 * bytes last is answered again, so that thousands that wait do not keep one each.
 */
function repeated<T>(read: (bytes: Bytes, at: number) => T): (bytes: Bytes, at: number) => T {
  let last: { readonly high: number; readonly low: number; readonly value: T } | undefined
  return (bytes, at) => {
    const [high, low] = [uint32At(bytes, at), uint32At(bytes, at + 4)]
    if (last?.high !== high || last.low !== low) last = { high, low, value: read(bytes, at) }
    return last.value
  }
}

const chainIdAt = repeated(uint64At)
const refHeightAt = repeated(uint64At)
const refHashAt = repeated((bytes, at) => hexAt(bytes, at, at + 8))
const feeHighAt = repeated(uint64At)
const feeLowAt = repeated(uint64At)

/**
 * A transaction read from its one encoding, which it keeps: it is never encoded again, and its id is hashed once. What it keeps is
 * private, so a copy made of its fields does not have it and may differ.
 */
export class DecodedTransaction implements SignedTransaction {
  readonly version: 1
  readonly walletChainId: bigint
  readonly from: Address
  readonly contract: Address
  readonly method: number
  readonly args: Bytes
  readonly refHeight: bigint
  readonly refHash: Hex
  readonly feeLimit: bigint
  readonly nonce: Hex
  readonly authorization: Authorization
  readonly #encoding: Bytes
  #id: Hash | undefined

  /** `bytes` are a whole transaction, and nobody changes them. */
  constructor(bytes: Bytes) {
    const end = ARGS_AT + uint32At(bytes, ARGS_LENGTH_AT)
    const feeAt = end + FEE_LIMIT_AFTER
    const nonceAt = end + NONCE_AFTER
    const feeHigh = feeHighAt(bytes, feeAt)
    const feeLow = feeLowAt(bytes, feeAt + 8)
    this.version = 1
    this.walletChainId = chainIdAt(bytes, CHAIN_ID_AT)
    this.from = addressAt(bytes, FROM_AT)
    this.contract = addressAt(bytes, CONTRACT_AT)
    this.method = uint16At(bytes, METHOD_AT)
    this.args = bytes.subarray(ARGS_AT, end)
    this.refHeight = refHeightAt(bytes, end)
    this.refHash = refHashAt(bytes, end + REF_HASH_AFTER)
    this.feeLimit = feeHigh === 0n ? feeLow : (feeHigh << 64n) | feeLow
    this.nonce = hexAt(bytes, nonceAt, end + UNSIGNED_AFTER)
    this.authorization = { kind: 0, signature: hexAt(bytes, bytes.length - SIGNATURE_BYTES, bytes.length) }
    this.#encoding = bytes
    this.#id = undefined
  }

  static encodingOf(transaction: object): Bytes | undefined {
    return #encoding in transaction ? transaction.#encoding : undefined
  }

  /** The id, found by `hash` when nobody has asked before; undefined for a transaction that was not decoded. */
  static idOf(transaction: object, hash: (unsigned: Bytes) => Hash): Hash | undefined {
    if (!(#encoding in transaction)) return undefined
    transaction.#id ??= hash(unsignedOf(transaction.#encoding))
    return transaction.#id
  }
}

/** The unsigned part of a whole encoding. */
export function unsignedOf(encoding: Bytes): Bytes {
  return encoding.subarray(0, encoding.length - AUTHORIZATION_BYTES)
}

/** Whether bytes are exactly one transaction of the version and the kind of authorisation there are. */
export function isWhole(bytes: Bytes): boolean {
  const { length } = bytes
  const kindAt = length - AUTHORIZATION_BYTES
  return (
    kindAt >= ARGS_AT + UNSIGNED_AFTER &&
    bytes[0] === 1 &&
    ARGS_AT + uint32At(bytes, ARGS_LENGTH_AT) + UNSIGNED_AFTER === kindAt &&
    bytes[kindAt] === 0 &&
    uint16At(bytes, kindAt + 1) === SIGNATURE_BYTES
  )
}
