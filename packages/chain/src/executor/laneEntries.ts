import type { Item, PartialEntry, Place, WrittenPart } from '#contracts/runtime'
import { type Bytes, type Hash, type Reader, reader, type Writer, writer } from '#primitives'
import { numberOf } from './laneNumbers.ts'

/** What a lane wrote to the state. */
export interface LaneEntries {
  readonly entries: Bytes
  /** Keys of the entries, one after the other. */
  readonly keys: Bytes
  /** Paths of the entries, one after the other: as one text they cross, and are taken apart, in no time. */
  readonly paths: string
}

/**
 * Kinds of entries. The first three are nearly all, and of those hardly anybody asks for more than the value: deleted, a new value, a sum
 * of additions that stayed. Then values that are as before, other sums, sums that were undone.
 */
const [ABSENT, VALUE, ADDED, SAME, SUM, UNDONE] = [0, 1, 2, 3, 4, 5] as const
const WORD_END = 1n << 64n
const AMOUNT_BYTES = 32
const PATH_CHARACTERS = 66
/** Number of the item, length of the key, kind, length of the rest. */
const HEAD_BYTES = 2 + 4 + 1 + 4

/** Nearly all amounts are short. */
function writeAmount(out: Writer, amount: bigint): void {
  if (amount < WORD_END) out.u8(1).u64(amount)
  else out.u8(4).u256(amount)
}

const readAmount = (input: Reader): bigint => (input.u8() === 1 ? input.u64() : input.u256())

function writeSigned(out: Writer, value: bigint): void {
  writeAmount(out.u8(value < 0n ? 1 : 0), value < 0n ? -value : value)
}

function readSigned(input: Reader): bigint {
  const isNegative = input.u8() === 1
  const amount = readAmount(input)
  return isNegative ? -amount : amount
}

type ValueEntry = PartialEntry & { readonly kind: 'value' }
type SumEntry = PartialEntry & { readonly kind: 'sum' }

/** How long an amount is as `writeAmount` writes it. */
const lengthOf = (amount: bigint): number => (amount < WORD_END ? 9 : 33)

const lengthOfValue = (value: ValueEntry['value']): number =>
  value === null ? 0 : typeof value === 'bigint' ? AMOUNT_BYTES : value.length

const isPlainSum = ({ value, delta, up, down }: SumEntry): boolean =>
  typeof value === 'bigint' && delta === up && up > 0n && down === 0n

/** The rest of an entry of which there are few. */
function restOf(entry: PartialEntry): Bytes {
  const rest = writer()
  if (entry.kind === 'value') {
    const { value } = entry
    rest.u8(value === null ? 0 : 1)
    if (typeof value === 'bigint') rest.u256(value)
    else if (value !== null) rest.fixed(value)
    return rest.finish()
  }
  for (const amount of [entry.base, entry.up, entry.down]) writeAmount(rest, amount)
  if (entry.delta !== undefined) writeSigned(rest, entry.delta)
  return rest.finish()
}

/** Writes entries into memory that is as long as they are. Nearly all are written without an object of their own. */
class EntryWriter {
  private at = 0
  private readonly bytes: Bytes
  private readonly view: DataView

  constructor(bytes: Bytes) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
  }

  write(item: number, entry: PartialEntry, rest: Bytes | undefined): void {
    const { view, at } = this
    view.setUint16(at, item)
    view.setUint32(at + 2, entry.place.key.length)
    if (rest !== undefined) this.rest(entry.kind === 'value' ? SAME : entry.delta === undefined ? UNDONE : SUM, rest)
    else if (entry.kind === 'value') this.value(entry)
    else this.added(entry)
  }

  private head(kind: number, length: number): number {
    const { view, at } = this
    view.setUint8(at + 6, kind)
    view.setUint32(at + 7, length)
    this.at = at + HEAD_BYTES + length
    return at + HEAD_BYTES
  }

  private rest(kind: number, rest: Bytes): void {
    this.bytes.set(rest, this.head(kind, rest.length))
  }

  private value({ value }: ValueEntry): void {
    const from = this.head(value === null ? ABSENT : VALUE, lengthOfValue(value))
    if (typeof value === 'bigint') this.u256(from, value)
    else if (value !== null) this.bytes.set(value, from)
  }

  private added({ value, up }: SumEntry): void {
    const from = this.head(ADDED, AMOUNT_BYTES + lengthOf(up))
    this.u256(from, value as bigint)
    const amount = from + AMOUNT_BYTES
    this.view.setUint8(amount, up < WORD_END ? 1 : 4)
    if (up < WORD_END) this.view.setBigUint64(amount + 1, up)
    else this.u256(amount + 1, up)
  }

  /** The memory holds zeros. */
  private u256(from: number, value: bigint): void {
    let rest = value
    for (let at = from + AMOUNT_BYTES - 8; rest > 0n; at -= 8) {
      this.view.setBigUint64(at, BigInt.asUintN(64, rest))
      rest >>= 64n
    }
  }
}

export function encodeEntries(entries: readonly PartialEntry[], itemOf: ReadonlyMap<Item, number>): LaneEntries {
  const rests = new Map<PartialEntry, Bytes>()
  let [length, keyLength, paths] = [0, 0, '']
  for (const entry of entries) {
    let rest = lengthOfPlain(entry)
    if (rest < 0) {
      const bytes = restOf(entry)
      rests.set(entry, bytes)
      rest = bytes.length
    }
    length += HEAD_BYTES + rest
    keyLength += entry.place.key.length
    paths += entry.place.path
  }
  const [bytes, keys] = [new Uint8Array(length), new Uint8Array(keyLength)]
  const out = new EntryWriter(bytes)
  let at = 0
  for (const entry of entries) {
    const { item, key } = entry.place
    out.write(numberOf(itemOf, item), entry, rests.size === 0 ? undefined : rests.get(entry))
    for (let index = 0; index < key.length; index++) keys[at + index] = key[index] as number
    at += key.length
  }
  return { entries: bytes, keys, paths }
}

/** How long the rest of an entry is; less than zero where it is one of the few others. */
function lengthOfPlain(entry: PartialEntry): number {
  if (entry.kind === 'value') return entry.changed ? lengthOfValue(entry.value) : -1
  return isPlainSum(entry) ? AMOUNT_BYTES + lengthOf(entry.up) : -1
}

/** A sum's rest; `kind` is one of those of sums. */
function readSum(input: Reader, place: Place, kind: number): SumEntry {
  if (kind === ADDED) {
    const value = input.u256()
    const up = readAmount(input)
    return { place, kind: 'sum', value, base: value - up, delta: up, up, down: 0n }
  }
  const [base, up, down] = [readAmount(input), readAmount(input), readAmount(input)]
  if (kind === UNDONE) return { place, kind: 'sum', value: undefined, base, delta: undefined, up, down }
  const delta = readSigned(input)
  return { place, kind: 'sum', value: base + delta, base, delta, up, down }
}

class EntryReader implements WrittenPart {
  path = '' as Hash
  private readonly from: LaneEntries
  private readonly items: readonly Item[]
  private readonly view: DataView
  /** Where the head of this entry and its key are, and how many paths were read. */
  private at = 0
  private key = 0
  private count = 0
  private length = 0
  private keyLength = 0

  constructor(from: LaneEntries, items: readonly Item[]) {
    const { entries } = from
    this.from = from
    this.items = items
    this.view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength)
  }

  rewind(): void {
    this.at = 0
    this.key = 0
    this.count = 0
    this.length = 0
    this.keyLength = 0
  }

  next(): boolean {
    const { from, view, count } = this
    const at = count === 0 ? 0 : this.at + HEAD_BYTES + this.length
    this.key += this.keyLength
    if (at === from.entries.length) return false
    this.at = at
    this.keyLength = view.getUint32(at + 2)
    this.length = view.getUint32(at + 7)
    // Lanes take their paths from hashes as the caller does.
    this.path = from.paths.slice(count * PATH_CHARACTERS, (count + 1) * PATH_CHARACTERS) as Hash
    this.count = count + 1
    return true
  }

  value(): Bytes | null | undefined {
    const { at, length } = this
    const kind = this.from.entries[at + 6] as number
    if (kind > ADDED) return undefined
    if (kind === ABSENT) return null
    const from = at + HEAD_BYTES
    // A view: the answer is a copy of its own, and nearly all of it is values.
    return this.from.entries.subarray(from, from + (kind === ADDED ? AMOUNT_BYTES : length))
  }

  entry(): PartialEntry {
    const { at, path, key, keyLength } = this
    const { entries, keys } = this.from
    const item = this.items[this.view.getUint16(at)] as Item
    const place = { item, path, key: keys.slice(key, key + keyLength), first: undefined }
    const kind = entries[at + 6] as number
    const rest = entries.slice(at + HEAD_BYTES, at + HEAD_BYTES + this.length)
    if (kind === ABSENT || kind === VALUE)
      return { place, kind: 'value', value: kind === ABSENT ? null : rest, changed: true }
    if (kind === SAME) return { place, kind: 'value', value: rest[0] === 0 ? null : rest.slice(1), changed: false }
    return readSum(reader(rest), place, kind)
  }
}

/** Inverse of `encodeEntries`. */
export function readEntries(entries: LaneEntries, items: readonly Item[]): WrittenPart {
  return new EntryReader(entries, items)
}
