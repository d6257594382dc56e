import { type Address, bytesToHex, type Hash, type Hex } from '#primitives'
import type { MethodDescriptor } from '../abi/descriptor.ts'
import { decodeArgs } from '../abi/fields.ts'
import type { FieldSpec, FieldValue } from '../abi/types.ts'
import { KernelError } from '../error.ts'
import { renderIntent } from './intent.ts'
import type { NetworkIdentity, UnsignedTransaction } from './types.ts'

export interface TypedDataField {
  readonly name: string
  readonly type: string
}

/** EIP-712 JSON as wallets and viem take it; integers of 64 bits and more are bigint. */
export interface TypedData {
  readonly domain: {
    readonly name: 'aelf'
    readonly version: '1'
    readonly chainId: number | bigint
    readonly salt: Hash
  }
  readonly types: Readonly<Record<string, readonly TypedDataField[]>>
  readonly primaryType: string
  readonly message: Readonly<Record<string, FieldValue>>
}

export const DOMAIN_NAME = 'aelf'
export const DOMAIN_VERSION = '1'

export const DOMAIN_FIELDS: readonly TypedDataField[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'salt', type: 'bytes32' },
]

/** Fields every struct carries after the arguments. */
export const ENVELOPE_FIELDS: readonly FieldSpec[] = [
  { name: 'from', type: 'address' },
  { name: 'contract', type: 'address' },
  { name: 'network', type: 'string' },
  { name: 'refHeight', type: 'uint64' },
  { name: 'refHash', type: 'bytes8' },
  { name: 'feeLimit', type: 'uint128' },
  { name: 'nonce', type: 'bytes8' },
  { name: 'intent', type: 'string' },
]

/** Struct name: the method name with its first letter in upper case. */
export function primaryTypeOf(method: MethodDescriptor): string {
  return method.name.charAt(0).toUpperCase() + method.name.slice(1)
}

/** Throws `tx.method` when the descriptor is not that of the transaction's contract and method. */
export function checkMethod(
  tx: { readonly contract: Address; readonly method: number },
  method: MethodDescriptor,
): void {
  if (tx.contract !== method.contractAddress || tx.method !== method.number) {
    throw new KernelError('tx.method', 'the descriptor belongs to another method', {
      details: { contract: tx.contract, method: tx.method },
    })
  }
}

/** Values of the struct by field name. */
export function structValues(
  tx: UnsignedTransaction,
  method: MethodDescriptor,
  network: NetworkIdentity,
): Record<string, FieldValue> {
  checkMethod(tx, method)
  const args = decodeArgs(method.abi, tx.args)
  return {
    ...args,
    from: tx.from,
    contract: tx.contract,
    network: network.name,
    refHeight: tx.refHeight,
    refHash: tx.refHash,
    feeLimit: tx.feeLimit,
    nonce: tx.nonce,
    intent: renderIntent(method, args),
  }
}

/** What a wallet signs for this transaction. Throws `tx.method`, `abi.field`, `intent.*`, `CodecError`. */
export function typedData(tx: UnsignedTransaction, method: MethodDescriptor, network: NetworkIdentity): TypedData {
  const primaryType = primaryTypeOf(method)
  const chainId = tx.walletChainId <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(tx.walletChainId) : tx.walletChainId
  return {
    domain: { name: DOMAIN_NAME, version: DOMAIN_VERSION, chainId, salt: network.genesisHash },
    types: { EIP712Domain: DOMAIN_FIELDS, [primaryType]: [...method.abi.args, ...ENVELOPE_FIELDS] },
    primaryType,
    message: structValues(tx, method, network),
  }
}

/** A mark's prefix of a block hash: its first 8 bytes. */
export function markPrefix(hash: Hash): Hex {
  return `0x${hash.slice(2, 18)}`
}

/** 8 bytes as a transaction nonce. */
export function nonceOf(bytes: Uint8Array): Hex {
  if (bytes.length !== 8)
    throw new KernelError('tx.field', 'a nonce has 8 bytes', { details: { length: bytes.length } })
  return bytesToHex(bytes)
}
