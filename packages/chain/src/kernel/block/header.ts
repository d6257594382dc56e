import {
  asAddress,
  asHash,
  type Bytes,
  bytesToAddress,
  bytesToHash,
  bytesToHex,
  type Hash,
  type Hex,
  hexToBytes,
  type Reader,
  reader,
  recoverAddress,
  signDigest,
  taggedHash,
  type Writer,
  writer,
} from '#primitives'
import { KernelError } from '../error.ts'
import type { Header, SignedHeader } from './types.ts'

export const MAX_CONSENSUS_BYTES = 4096
export const MAX_EXTENSION_BYTES = 1024
const SIGNATURE_BYTES = 65

function checkLength(field: string, bytes: Bytes, max: number): Bytes {
  if (bytes.length > max)
    throw new KernelError('header.tooLarge', `${field} above ${max} bytes`, {
      details: { field, length: bytes.length },
    })
  return bytes
}

/** Headers are never changed, and are encoded and named many times on their way from a producer into a chain. */
const encodings = new WeakMap<Header, Bytes>()
const hashes = new WeakMap<Header, Hash>()

/** Bytes covered by the header hash; shared by all who ask, so they must not be changed. */
function unsignedBytes(header: Header): Bytes {
  const known = encodings.get(header)
  if (known !== undefined) return known
  const bytes = encodeUnsignedHeader(header)
  encodings.set(header, bytes)
  return bytes
}

/** Bytes covered by the header hash. Throws `header.version`, `header.tooLarge`, `codec.range`. */
export function encodeUnsignedHeader(header: Header): Bytes {
  if (header.version !== 1) throw new KernelError('header.version', 'unknown header version')
  const out = writer()
    .u8(header.version)
    .u32(header.chainId)
    .u64(header.height)
    .fixed(hexToBytes(asHash(header.parentHash)))
  out.u64(header.slot).fixed(hexToBytes(asAddress(header.producer)))
  for (const root of [header.transactionRoot, header.receiptRoot, header.stateRoot, header.indexRoot, header.signal]) {
    out.fixed(hexToBytes(asHash(root)))
  }
  out.bytes(checkLength('consensus', header.consensus, MAX_CONSENSUS_BYTES))
  out.bytes(checkLength('extension', header.extension, MAX_EXTENSION_BYTES))
  return out.finish()
}

/** What the producer signs, as a raw 32-byte digest. */
export function headerHash(header: Header): Hash {
  const known = hashes.get(header)
  if (known !== undefined) return known
  const hash = taggedHash('aelf/header/1', unsignedBytes(header))
  hashes.set(header, hash)
  return hash
}

/** Gives a sealed header what is known of its unsigned part. */
function withBytes(header: SignedHeader, unsigned: Bytes): SignedHeader {
  encodings.set(header, unsigned)
  hashes.set(header, header.hash)
  return header
}

/** A header with its 65-byte signature and its hash. Throws `header.signature` on another length. */
export function sealHeader(header: Header, signature: Hex): SignedHeader {
  const bytes = hexToBytes(signature)
  if (bytes.length !== SIGNATURE_BYTES)
    throw new KernelError('header.signature', 'a signature has 65 bytes', { details: { length: bytes.length } })
  const {
    version,
    chainId,
    height,
    parentHash,
    slot,
    producer,
    transactionRoot,
    receiptRoot,
    stateRoot,
    indexRoot,
    signal,
    consensus,
    extension,
  } = header
  const sealed: SignedHeader = {
    version,
    chainId,
    height,
    parentHash,
    slot,
    producer,
    transactionRoot,
    receiptRoot,
    stateRoot,
    indexRoot,
    signal,
    consensus,
    extension,
    signature: bytesToHex(bytes),
    hash: headerHash(header),
  }
  return withBytes(sealed, unsignedBytes(header))
}

/** Signs with a key in memory; a node signs through its `Sign` port instead. */
export function signHeader(header: Header, privateKey: Bytes): SignedHeader {
  return sealHeader(header, bytesToHex(signDigest(hexToBytes(headerHash(header)), privateKey)))
}

/** Whether the header's producer signed its content; the hash is computed again, never believed. */
export function verifyHeaderSignature(header: SignedHeader): boolean {
  const hash = headerHash(header)
  return hash === header.hash && recoverAddress(hexToBytes(hash), hexToBytes(header.signature)) === header.producer
}

export function writeHeader(out: Writer, header: SignedHeader): void {
  const signature = hexToBytes(header.signature)
  if (signature.length !== SIGNATURE_BYTES)
    throw new KernelError('header.signature', 'a signature has 65 bytes', { details: { length: signature.length } })
  out.fixed(unsignedBytes(header)).fixed(signature)
}

/** Reads the header `source` begins with; `input` reads `source`. */
export function readHeader(input: Reader, source: Bytes): SignedHeader {
  const version = input.u8()
  if (version !== 1) throw new KernelError('header.version', 'unknown header version', { details: { version } })
  const hash = (): Hash => bytesToHash(input.fixed(32))
  const header: Header = {
    version,
    chainId: input.u32(),
    height: input.u64(),
    parentHash: hash(),
    slot: input.u64(),
    producer: bytesToAddress(input.fixed(20)),
    transactionRoot: hash(),
    receiptRoot: hash(),
    stateRoot: hash(),
    indexRoot: hash(),
    signal: hash(),
    consensus: input.bytes(MAX_CONSENSUS_BYTES),
    extension: input.bytes(MAX_EXTENSION_BYTES),
  }
  // What decodes is the one encoding, so it need not be made again. The copy keeps no larger buffer alive and cannot change.
  const unsigned = source.slice(0, source.length - input.remaining())
  const signature = bytesToHex(input.fixed(SIGNATURE_BYTES))
  return withBytes({ ...header, signature, hash: taggedHash('aelf/header/1', unsigned) }, unsigned)
}

/** Signed header: unsigned bytes, then 65 bytes of signature. */
export function encodeHeader(header: SignedHeader): Bytes {
  const out = writer()
  writeHeader(out, header)
  return out.finish()
}

/** Inverse of `encodeHeader`; computes the hash and checks no signature. Throws `KernelError`, `CodecError`. */
export function decodeHeader(bytes: Bytes): SignedHeader {
  const input = reader(bytes)
  const header = readHeader(input, bytes)
  input.end()
  return header
}
