import {
  type Address,
  type Bytes,
  bigintToBytes,
  bytesToHex,
  hexToBytes,
  keccak256,
  recoverAddress,
  signDigest,
  utf8ToBytes,
} from '#primitives'
import type { MethodDescriptor } from '../abi/descriptor.ts'
import type { FieldSpec, FieldType, FieldValue } from '../abi/types.ts'
import { KernelError } from '../error.ts'
import {
  DOMAIN_FIELDS,
  DOMAIN_NAME,
  DOMAIN_VERSION,
  ENVELOPE_FIELDS,
  primaryTypeOf,
  structValues,
  type TypedDataField,
} from './typedData.ts'
import type { NetworkIdentity, SignedTransaction, UnsignedTransaction } from './types.ts'

interface CompiledStruct {
  readonly typeHash: Bytes
  readonly fields: readonly FieldSpec[]
}

function encodeType(name: string, fields: readonly TypedDataField[]): Bytes {
  return utf8ToBytes(`${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})`)
}

const structs = new WeakMap<MethodDescriptor, CompiledStruct>()

function structOf(method: MethodDescriptor): CompiledStruct {
  const known = structs.get(method)
  if (known) return known
  const fields = [...method.abi.args, ...ENVELOPE_FIELDS]
  const struct = { typeHash: keccak256(encodeType(primaryTypeOf(method), fields)), fields }
  structs.set(method, struct)
  return struct
}

/** Big-endian into the 32-byte word that starts at `at`; the value is already in range. */
function putInteger(out: Bytes, at: number, value: bigint): void {
  let rest = value
  for (let index = at + 31; rest > 0n; index -= 4) {
    const word = Number(rest & 0xffffffffn)
    out[index] = word & 255
    out[index - 1] = (word >>> 8) & 255
    out[index - 2] = (word >>> 16) & 255
    out[index - 3] = word >>> 24
    rest >>= 32n
  }
}

function putValue(target: { readonly out: Bytes; readonly at: number }, type: FieldType, value: FieldValue): void {
  const { out, at } = target
  if (typeof value === 'bigint') putInteger(out, at, value)
  else if (typeof value === 'number') putInteger(out, at, BigInt(value))
  else if (typeof value === 'boolean') out[at + 31] = value ? 1 : 0
  else if (type === 'string') out.set(keccak256(utf8ToBytes(value)), at)
  else if (type === 'bytes') out.set(keccak256(hexToBytes(value)), at)
  else if (type === 'address') out.set(hexToBytes(value), at + 12)
  else out.set(hexToBytes(value), at)
}

const names = new WeakMap<NetworkIdentity, Bytes>()

function nameHash(network: NetworkIdentity): Bytes {
  const known = names.get(network)
  if (known) return known
  const hash = keccak256(utf8ToBytes(network.name))
  names.set(network, hash)
  return hash
}

const DOMAIN_CACHE_MAX = 64
const domains = new Map<string, Bytes>()
const DOMAIN_PREFIX: readonly Bytes[] = [
  keccak256(encodeType('EIP712Domain', DOMAIN_FIELDS)),
  keccak256(utf8ToBytes(DOMAIN_NAME)),
  keccak256(utf8ToBytes(DOMAIN_VERSION)),
]

/** EIP-712 domain separator of a wallet chain and a network. */
export function domainSeparator(walletChainId: bigint, network: NetworkIdentity): Bytes {
  const key = `${walletChainId}/${network.genesisHash}`
  const known = domains.get(key)
  if (known) return known
  const words = new Uint8Array(160)
  for (const [index, word] of DOMAIN_PREFIX.entries()) words.set(word, index * 32)
  words.set(bigintToBytes(walletChainId, 32), 96)
  words.set(hexToBytes(network.genesisHash), 128)
  const separator = keccak256(words)
  // Senders choose walletChainId, so the cache must not grow with it.
  if (domains.size >= DOMAIN_CACHE_MAX) domains.clear()
  domains.set(key, separator)
  return separator
}

/**
 * The 32-byte digest a wallet signs: EIP-712 hash of `typedData`, compiled per method. Throws `tx.method`, `abi.field`, `intent.*`,
 * `CodecError` when the arguments are not the canonical encoding.
 */
export function signingDigest(tx: UnsignedTransaction, method: MethodDescriptor, network: NetworkIdentity): Bytes {
  const values = structValues(tx, method, network)
  const struct = structOf(method)
  const words = new Uint8Array(32 * (struct.fields.length + 1))
  words.set(struct.typeHash, 0)
  let at = 32
  for (const field of struct.fields) {
    if (field.name === 'network') words.set(nameHash(network), at)
    else putValue({ out: words, at }, field.type, values[field.name] as FieldValue)
    at += 32
  }
  const preimage = new Uint8Array(66)
  preimage[0] = 0x19
  preimage[1] = 0x01
  preimage.set(domainSeparator(tx.walletChainId, network), 2)
  preimage.set(keccak256(words), 34)
  return keccak256(preimage)
}

/** Signs with a key in memory. Throws `tx.signer` when the key is not that of `from`. */
export function signTransaction(
  tx: UnsignedTransaction,
  context: { readonly method: MethodDescriptor; readonly network: NetworkIdentity; readonly privateKey: Bytes },
): SignedTransaction {
  const digest = signingDigest(tx, context.method, context.network)
  const signature = signDigest(digest, context.privateKey)
  if (recoverAddress(digest, signature) !== tx.from)
    throw new KernelError('tx.signer', 'the key does not belong to the sender')
  return { ...tx, authorization: { kind: 0, signature: bytesToHex(signature) } }
}

/** Address that signed, or undefined. Throws as `signingDigest`. */
export function recoverSigner(
  tx: SignedTransaction,
  method: MethodDescriptor,
  network: NetworkIdentity,
): Address | undefined {
  return recoverAddress(signingDigest(tx, method, network), hexToBytes(tx.authorization.signature))
}

/** Whether the sender named in the transaction signed it. */
export function verifyTransactionSignature(
  tx: SignedTransaction,
  method: MethodDescriptor,
  network: NetworkIdentity,
): boolean {
  return recoverSigner(tx, method, network) === tx.from
}
