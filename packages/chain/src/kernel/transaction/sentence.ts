import { type Bytes, bytesToBigint, bytesToUtf8, utf8ToBytes } from '#primitives'
import type { MethodDescriptor } from '../abi/descriptor.ts'
import { MAX_STRING_BYTES } from '../abi/fields.ts'
import type { FieldType } from '../abi/types.ts'
import type { ArgPlaces } from './argPlaces.ts'
import { formatText, intentParts } from './intent.ts'

/** A piece of the template as bytes, or the argument that stands there. */
type SentencePart =
  | { readonly text: Bytes; readonly index: -1 }
  | { readonly text: undefined; readonly index: number; readonly type: FieldType; readonly decimals: number }

export type SentenceTemplate = readonly SentencePart[]

const DECIMALS_OF = { plain: 0, elf: 8, bps: 2 } as const
const PERCENT: Bytes = utf8ToBytes('%')
const [YES, NO] = [utf8ToBytes('yes'), utf8ToBytes('no')]
const HEX_CODES: Bytes = utf8ToBytes('0123456789abcdef')
const [ZERO, NINE, COMMA, POINT, LETTER_A, LETTER_Z, LETTER_X] = [48, 57, 44, 46, 65, 90, 120]

/** The template of `renderIntent` with its texts as bytes. Throws `intent.template`, `codec.utf8`. */
export function sentenceTemplate(method: MethodDescriptor): SentenceTemplate {
  const parts: SentencePart[] = []
  for (const part of intentParts(method)) {
    if ('text' in part) {
      parts.push({ text: utf8ToBytes(part.text), index: -1 })
      continue
    }
    const index = method.abi.args.findIndex(({ name }) => name === part.name)
    parts.push({ text: undefined, index, type: part.type, decimals: DECIMALS_OF[part.format] })
    if (part.format === 'bps') parts.push({ text: PERCENT, index: -1 })
  }
  return parts
}

/** Room for one number or short value beyond the limit, so that only long ones are measured before they are written. */
const SLACK = 128
/** The sentence under way. Nobody keeps it. */
const OUT: Bytes = new Uint8Array(MAX_STRING_BYTES + SLACK)

/** Copies bytes to `at` and answers the end; -1 when there is no room. */
function put(bytes: Bytes, at: number): number {
  if (at + bytes.length > OUT.length) return -1
  for (let index = 0; index < bytes.length; index++) OUT[at + index] = bytes[index] as number
  return at + bytes.length
}

interface Span {
  readonly bytes: Bytes
  start: number
  end: number
}

function putHex({ bytes, start, end }: Span, from: number): number {
  let at = from
  if (at + 2 + 2 * (end - start) > OUT.length) return -1
  OUT[at++] = ZERO
  OUT[at++] = LETTER_X
  for (let index = start; index < end; index++) {
    const value = bytes[index] as number
    OUT[at++] = HEX_CODES[value >> 4] as number
    OUT[at++] = HEX_CODES[value & 15] as number
  }
  return at
}

/** Decimal digits of a big-endian integer. Most are small enough for a number, which is much faster than a bigint. */
function digitsOf({ bytes, start, end }: Span): string {
  let at = start
  while (at < end && bytes[at] === 0) at++
  if (end - at > 6) return bytesToBigint(bytes.subarray(at, end)).toString()
  let value = 0
  for (; at < end; at++) value = value * 256 + (bytes[at] as number)
  return value.toString()
}

/** As `formatAmount` for so many decimals. */
function putDecimal(digits: string, decimals: number, from: number): number {
  let at = from
  // Negative when there are zeros between the point and the first digit.
  const whole = digits.length - decimals
  if (whole <= 0) OUT[at++] = ZERO
  for (let index = 0; index < whole; index++) {
    if (index > 0 && (whole - index) % 3 === 0) OUT[at++] = COMMA
    OUT[at++] = digits.charCodeAt(index)
  }
  const first = whole > 0 ? whole : 0
  let last = digits.length
  while (last > first && digits.charCodeAt(last - 1) === ZERO) last--
  if (last === first) return at
  OUT[at++] = POINT
  for (let zeros = whole; zeros < 0; zeros++) OUT[at++] = ZERO
  for (let index = first; index < last; index++) OUT[at++] = digits.charCodeAt(index)
  return at
}

/** What `formatText` leaves as it is. */
function isSymbol({ bytes, start, end }: Span): boolean {
  if (end === start || end - start > 16) return false
  for (let index = start; index < end; index++) {
    const code = bytes[index] as number
    if (!(code >= ZERO && code <= NINE) && !(code >= LETTER_A && code <= LETTER_Z)) return false
  }
  return true
}

function putText(span: Span, at: number): number {
  const text = span.bytes.subarray(span.start, span.end)
  return put(isSymbol(span) ? text : utf8ToBytes(formatText(bytesToUtf8(text))), at)
}

function putValue(part: { readonly type: FieldType; readonly decimals: number }, span: Span, at: number): number {
  switch (part.type) {
    case 'string':
      return putText(span, at)
    case 'bool':
      return put(span.bytes[span.start] === 1 ? YES : NO, at)
    case 'address':
    case 'bytes':
    case 'bytes8':
    case 'bytes32':
      return putHex(span, at)
    default:
      return putDecimal(digitsOf(span), part.decimals, at)
  }
}

/** UTF-8 of what `renderIntent` answers, good until the next call; undefined when that throws for its length. */
export function writeSentence(template: SentenceTemplate, bytes: Bytes, places: ArgPlaces): Bytes | undefined {
  const span: Span = { bytes, start: 0, end: 0 }
  let at = 0
  for (const part of template) {
    if (part.text !== undefined) at = put(part.text, at)
    else {
      span.start = places[2 * part.index] as number
      span.end = span.start + (places[2 * part.index + 1] as number)
      at = putValue(part, span, at)
    }
    if (at < 0 || at > MAX_STRING_BYTES) return undefined
  }
  return OUT.subarray(0, at)
}
