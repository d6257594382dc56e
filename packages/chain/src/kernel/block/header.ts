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
  return taggedHash('aelf/header/1', encodeUnsignedHeader(header))
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
  return {
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
  out.fixed(encodeUnsignedHeader(header)).fixed(signature)
}

export function readHeader(input: Reader): SignedHeader {
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
  const signature = bytesToHex(input.fixed(SIGNATURE_BYTES))
  return { ...header, signature, hash: headerHash(header) }
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
  const header = readHeader(input)
  input.end()
  return header
}
