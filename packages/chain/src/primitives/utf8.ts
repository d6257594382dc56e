import { CodecError } from './error.ts'
import type { Bytes } from './types.ts'

/** UTF-8 of a string. A lone surrogate has no UTF-8 form and throws `codec.utf8`: replacing it would give two strings one encoding. */
export function utf8ToBytes(text: string): Bytes {
  const ascii = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code >= 0x80) return encodeBeyondAscii(text)
    ascii[index] = code
  }
  return ascii
}

function encodeBeyondAscii(text: string): Bytes {
  const bytes = new Uint8Array(text.length * 3)
  let at = 0
  for (let index = 0; index < text.length; index++) {
    let code = text.charCodeAt(index)
    if (code < 0x80) {
      bytes[at++] = code
      continue
    }
    if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6)
      bytes[at++] = 0x80 | (code & 63)
      continue
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = text.charCodeAt(++index)
      if (code > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff))
        throw new CodecError('codec.utf8', 'lone surrogate in a string')
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
      bytes[at++] = 0xf0 | (code >> 18)
      bytes[at++] = 0x80 | ((code >> 12) & 63)
    } else {
      bytes[at++] = 0xe0 | (code >> 12)
    }
    bytes[at++] = 0x80 | ((code >> 6) & 63)
    bytes[at++] = 0x80 | (code & 63)
  }
  return bytes.slice(0, at)
}

interface Sequence {
  readonly extra: number
  readonly bits: number
  readonly least: number
}

function sequenceOf(lead: number): Sequence {
  if (lead < 0x80) return { extra: 0, bits: lead, least: 0 }
  if (lead >= 0xc2 && lead <= 0xdf) return { extra: 1, bits: lead & 31, least: 0x80 }
  if (lead >= 0xe0 && lead <= 0xef) return { extra: 2, bits: lead & 15, least: 0x800 }
  if (lead >= 0xf0 && lead <= 0xf4) return { extra: 3, bits: lead & 7, least: 0x10000 }
  throw new CodecError('codec.utf8', 'invalid leading byte in UTF-8')
}

/** Up to this length a text of plain letters is made in one step. */
const PLAIN_MAX = 128
/** Lists for the letters of a text under way, one for each length. */
const LETTERS: number[][] = Array.from({ length: PLAIN_MAX + 1 }, (_, length) => new Array<number>(length).fill(0))

/** A short text of ASCII; undefined for any other. */
function plainText(bytes: Bytes, from: number, to: number): string | undefined {
  const letters = LETTERS[to - from]
  if (letters === undefined) return undefined
  for (let index = from; index < to; index++) {
    const code = bytes[index] as number
    if (code >= 0x80) return undefined
    letters[index - from] = code
  }
  return String.fromCharCode.apply(null, letters)
}

/** Strict UTF-8: over-long forms, surrogates, values above U+10FFFF and cut sequences throw `codec.utf8`. */
export function bytesToUtf8(bytes: Bytes): string {
  return utf8At(bytes, 0, bytes.length)
}

/** As `bytesToUtf8` for what stands between two places, without a view of it. */
export function utf8At(bytes: Bytes, from: number, to: number): string {
  const plain = plainText(bytes, from, to)
  if (plain !== undefined) return plain
  let text = ''
  for (let at = from; at < to; ) {
    const sequence = sequenceOf(bytes[at++] as number)
    let code = sequence.bits
    for (let extra = 0; extra < sequence.extra; extra++) {
      const next = at < to ? bytes[at++] : undefined
      if (next === undefined || (next & 0xc0) !== 0x80) throw new CodecError('codec.utf8', 'broken sequence in UTF-8')
      code = (code << 6) | (next & 63)
    }
    if (code < sequence.least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw new CodecError('codec.utf8', 'over-long or impossible character in UTF-8')
    }
    text += String.fromCodePoint(code)
  }
  return text
}
