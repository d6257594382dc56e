import { type Bytes, CodecError, reader, writer } from '#primitives'
import type { ProducerEntry } from '../standards/index.ts'
import { decodeProducers, encodeProducers } from '../standards/producers.ts'
import { readHeader, writeHeader } from './header.ts'
import type { SignedHeader } from './types.ts'

/** A header as those who follow headers alone need it: with the producer list it commits to, when it commits to one. */
export interface HeaderEntry {
  readonly header: SignedHeader
  readonly producers?: readonly ProducerEntry[]
}

/** Signed header, then u8 0, or u8 1 and the producer list. */
export function encodeHeaderEntry({ header, producers }: HeaderEntry): Bytes {
  const out = writer()
  writeHeader(out, header)
  out.u8(producers === undefined ? 0 : 1)
  if (producers !== undefined) out.bytes(encodeProducers(producers))
  return out.finish()
}

/** Inverse of `encodeHeaderEntry`. Neither signature nor list is checked. Throws `KernelError`, `CodecError`. */
export function decodeHeaderEntry(bytes: Bytes): HeaderEntry {
  const input = reader(bytes)
  const header = readHeader(input, bytes)
  const flag = input.u8()
  if (flag > 1) throw new CodecError('codec.range', 'a flag is 0 or 1', { details: { flag } })
  const producers = flag === 0 ? undefined : decodeProducers(input.bytes())
  input.end()
  return producers === undefined ? { header } : { header, producers }
}
