import {
  type Bytes,
  bytesToAddress,
  bytesToHex,
  CodecError,
  type Hash,
  type Hex,
  hexToBytes,
  type Reader,
  reader,
  taggedHash,
  type Writer,
  writer,
} from '#primitives'
import { KernelError } from '../error.ts'
import { DecodedTransaction, isWhole, unsignedOf } from './decoded.ts'
import { SIGNATURE_BYTES } from './layout.ts'
import type { SignedTransaction, UnsignedTransaction } from './types.ts'

export const MAX_TRANSACTION_BYTES = 131_072

function fixedHex(out: Writer, hex: Hex, field: { readonly name: string; readonly length: number }): void {
  if (out.hex(hex, field.length)) return
  const bytes = hexToBytes(hex)
  if (bytes.length !== field.length) {
    throw new KernelError('tx.field', `${field.name} has ${field.length} bytes`, {
      details: { field: field.name, length: bytes.length },
    })
  }
  out.fixed(bytes)
}

function writeUnsigned(out: Writer, tx: UnsignedTransaction): void {
  if (tx.version !== 1)
    throw new KernelError('tx.version', 'unknown transaction version', { details: { version: tx.version } })
  out.u8(tx.version).u64(tx.walletChainId)
  fixedHex(out, tx.from, { name: 'from', length: 20 })
  fixedHex(out, tx.contract, { name: 'contract', length: 20 })
  out.u16(tx.method).bytes(tx.args).u64(tx.refHeight)
  fixedHex(out, tx.refHash, { name: 'refHash', length: 8 })
  out.u128(tx.feeLimit)
  fixedHex(out, tx.nonce, { name: 'nonce', length: 8 })
}

function readUnsigned(input: Reader): UnsignedTransaction {
  const version = input.u8()
  if (version !== 1) throw new KernelError('tx.version', 'unknown transaction version', { details: { version } })
  return {
    version,
    walletChainId: input.u64(),
    from: bytesToAddress(input.fixed(20)),
    contract: bytesToAddress(input.fixed(20)),
    method: input.u16(),
    args: input.bytes(MAX_TRANSACTION_BYTES),
    refHeight: input.u64(),
    refHash: bytesToHex(input.fixed(8)),
    feeLimit: input.u128(),
    nonce: bytesToHex(input.fixed(8)),
  }
}

/** Bytes covered by the id. Throws `tx.field`, `tx.version`, `codec.range`. */
export function encodeUnsignedTransaction(tx: UnsignedTransaction): Bytes {
  const out = writer()
  writeUnsigned(out, tx)
  return out.finish()
}

function writeSigned(tx: SignedTransaction): Bytes {
  if (tx.authorization.kind !== 0) throw new KernelError('tx.authorization', 'unknown authorisation kind')
  const out = writer()
  writeUnsigned(out, tx)
  out.u8(0).u16(SIGNATURE_BYTES)
  fixedHex(out, tx.authorization.signature, { name: 'signature', length: SIGNATURE_BYTES })
  const bytes = out.finish()
  checkSize(bytes)
  return bytes
}

/** Transactions are never changed. Of those that were not decoded, what was made is remembered here. */
const encodings = new WeakMap<SignedTransaction, Bytes>()
const ids = new WeakMap<UnsignedTransaction, Hash>()

/** As `encodeTransaction`, but the bytes are shared by all who ask: they must not be changed. */
export function sharedEncoding(tx: SignedTransaction): Bytes {
  const known = DecodedTransaction.encodingOf(tx) ?? encodings.get(tx)
  if (known !== undefined) return known
  const bytes = writeSigned(tx)
  encodings.set(tx, bytes)
  return bytes
}

/** Length of the encoding. Throws as `encodeTransaction`. */
export function transactionBytes(tx: SignedTransaction): number {
  return sharedEncoding(tx).length
}

/** The one encoding of a signed transaction. Throws `tx.tooLarge` above 131072 bytes, `tx.field`, `tx.version`, `codec.range`. */
export function encodeTransaction(tx: SignedTransaction): Bytes {
  return sharedEncoding(tx).slice()
}

function readAuthorization(input: Reader): Hex {
  const kind = input.u8()
  if (kind !== 0) throw new KernelError('tx.authorization', 'unknown authorisation kind', { details: { kind } })
  const length = input.u16()
  if (length !== SIGNATURE_BYTES)
    throw new CodecError('codec.range', 'a signature has 65 bytes', { details: { length } })
  return bytesToHex(input.fixed(SIGNATURE_BYTES))
}

function checkSize(bytes: Bytes): void {
  if (bytes.length > MAX_TRANSACTION_BYTES)
    throw new KernelError('tx.tooLarge', 'transaction above 131072 bytes', { details: { length: bytes.length } })
}

/** Inverse of `encodeTransaction`: any bytes it accepts encode back to themselves. Throws `tx.tooLarge`, `tx.version`, `tx.authorization`, `CodecError`. */
export function decodeTransaction(bytes: Bytes): SignedTransaction {
  checkSize(bytes)
  // The copy keeps no larger buffer alive and cannot change.
  return isWhole(bytes) ? new DecodedTransaction(new Uint8Array(bytes)) : readTransaction(bytes)
}

/** As `decodeTransaction` of bytes that nobody changes any more, and that may stay in memory with all their buffer: no copy is made. */
export function decodeSharedTransaction(bytes: Bytes): SignedTransaction {
  checkSize(bytes)
  return isWhole(bytes) ? new DecodedTransaction(bytes) : readTransaction(bytes)
}

/** Field by field, which says what is wrong. */
function readTransaction(bytes: Bytes): SignedTransaction {
  const input = reader(bytes)
  const unsigned = readUnsigned(input)
  const signature = readAuthorization(input)
  input.end()
  return { ...unsigned, authorization: { kind: 0, signature } }
}

const hashOf = (unsigned: Bytes): Hash => taggedHash('aelf/tx/1', unsigned)

/** The id covers everything but the authorisation, so it does not change with another valid signature. */
export function transactionId(tx: UnsignedTransaction): Hash {
  const known = DecodedTransaction.idOf(tx, hashOf) ?? ids.get(tx)
  if (known !== undefined) return known
  const encoding = encodings.get(tx as SignedTransaction)
  const id = hashOf(encoding === undefined ? encodeUnsignedTransaction(tx) : unsignedOf(encoding))
  ids.set(tx, id)
  return id
}

/** Bytes that begin with those covered by the id, shared by all who ask. Throws as `encodeUnsignedTransaction`. */
export function encodedFields(tx: UnsignedTransaction): Bytes {
  return DecodedTransaction.encodingOf(tx) ?? encodings.get(tx as SignedTransaction) ?? encodeUnsignedTransaction(tx)
}

/** The 65 bytes of the signature, shared by all who ask. Throws `primitive.hex`. */
export function signatureBytes(tx: SignedTransaction): Bytes {
  const encoding = DecodedTransaction.encodingOf(tx)
  return encoding === undefined
    ? hexToBytes(tx.authorization.signature)
    : encoding.subarray(encoding.length - SIGNATURE_BYTES)
}
