import {
  type Address,
  AssertionFailure,
  type Bytes,
  bigintToBytes,
  bytesToHex,
  type Hash,
  hexToBytes,
  keccak256,
  recoverAddress,
  signDigest,
  utf8ToBytes,
} from '#primitives'
import type { MethodDescriptor } from '../abi/descriptor.ts'
import { KernelError } from '../error.ts'
import { encodedFields, signatureBytes } from './codec.ts'
import { encodeType, putStructHash } from './digestPlan.ts'
import { checkMethod, DOMAIN_FIELDS, DOMAIN_NAME, DOMAIN_VERSION, structValues } from './typedData.ts'
import type { NetworkIdentity, SignedTransaction, UnsignedTransaction } from './types.ts'

const DOMAIN_CACHE_MAX = 64
const domains = new Map<string, Bytes>()

interface Domain {
  readonly walletChainId: bigint
  readonly genesisHash: Hash
  readonly separator: Bytes
}

/** The one asked for last: most transactions of a network come from wallets on one chain. */
let last: Domain | undefined

const DOMAIN_PREFIX: readonly Bytes[] = [
  keccak256(encodeType('EIP712Domain', DOMAIN_FIELDS)),
  keccak256(utf8ToBytes(DOMAIN_NAME)),
  keccak256(utf8ToBytes(DOMAIN_VERSION)),
]

/** EIP-712 domain separator of a wallet chain and a network. */
export function domainSeparator(walletChainId: bigint, network: NetworkIdentity): Bytes {
  const { genesisHash } = network
  if (last?.walletChainId === walletChainId && last.genesisHash === genesisHash) return last.separator
  const separator = separatorOf(walletChainId, genesisHash)
  last = { walletChainId, genesisHash, separator }
  return separator
}

function separatorOf(walletChainId: bigint, genesisHash: Hash): Bytes {
  const key = `${walletChainId}/${genesisHash}`
  const known = domains.get(key)
  if (known) return known
  const words = new Uint8Array(160)
  for (const [index, word] of DOMAIN_PREFIX.entries()) words.set(word, index * 32)
  words.set(bigintToBytes(walletChainId, 32), 96)
  words.set(hexToBytes(genesisHash), 128)
  const separator = keccak256(words)
  // Senders choose walletChainId, so the cache must not grow with it.
  if (domains.size >= DOMAIN_CACHE_MAX) domains.clear()
  domains.set(key, separator)
  return separator
}

/** 0x1901, the domain separator, the struct hash. */
const PREIMAGE: Bytes = new Uint8Array(66)
PREIMAGE[0] = 0x19
PREIMAGE[1] = 0x01
const STRUCT_HASH: Bytes = PREIMAGE.subarray(34)

/**
 * The 32-byte digest a wallet signs: EIP-712 hash of `typedData`, compiled per method. Throws `tx.method`, `abi.field`, `intent.*`,
 * `CodecError` when the arguments are not the canonical encoding, and as `encodeUnsignedTransaction`.
 */
export function signingDigest(tx: UnsignedTransaction, method: MethodDescriptor, network: NetworkIdentity): Bytes {
  checkMethod(tx, method)
  if (!putStructHash(STRUCT_HASH, { method, network, encoding: encodedFields(tx) })) return refuse(tx, method, network)
  PREIMAGE.set(domainSeparator(tx.walletChainId, network), 2)
  return keccak256(PREIMAGE)
}

/** The values say what is wrong with the arguments. */
function refuse(tx: UnsignedTransaction, method: MethodDescriptor, network: NetworkIdentity): never {
  structValues(tx, method, network)
  throw new AssertionFailure('arguments without a digest have values')
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
  return recoverAddress(signingDigest(tx, method, network), signatureBytes(tx))
}

/** Whether the sender named in the transaction signed it. */
export function verifyTransactionSignature(
  tx: SignedTransaction,
  method: MethodDescriptor,
  network: NetworkIdentity,
): boolean {
  return recoverSigner(tx, method, network) === tx.from
}
