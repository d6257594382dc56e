import { ArchiveError } from './error.ts'

/** Decoder of DEFLATE (RFC 1951): says where the stream ended, and stops as soon as more comes out than is allowed. */

const MAX_BITS = 15
const LITERAL_CODES = 288
const DISTANCE_CODES = 30
const FIRST_OUTPUT = 64 * 1024
const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258] // biome-ignore format: a table
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0] // biome-ignore format: a table
const DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577] // biome-ignore format: a table
const DISTANCE_EXTRA = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13] // biome-ignore format: a table
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

interface Huffman {
  /** Codes of each length. */
  readonly counts: Uint16Array
  /** Symbols in the order of their codes. */
  readonly symbols: Uint16Array
}

const damaged = (why: string): ArchiveError => new ArchiveError('archive.damaged', `the archive is damaged: ${why}`)

/** Refuses more codes than fit; fewer are allowed only where a single code is used. */
function buildHuffman(lengths: Uint8Array): Huffman {
  const counts = new Uint16Array(MAX_BITS + 1)
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1
  let left = 1
  const used = lengths.length - (counts[0] ?? 0)
  for (let bits = 1; bits <= MAX_BITS; bits++) {
    left = left * 2 - (counts[bits] ?? 0)
    if (left < 0) throw damaged('too many codes')
  }
  if (left > 0 && used > 1) throw damaged('codes are missing')
  const offsets = new Uint16Array(MAX_BITS + 2)
  for (let bits = 1; bits <= MAX_BITS; bits++) offsets[bits + 1] = (offsets[bits] ?? 0) + (counts[bits] ?? 0)
  const symbols = new Uint16Array(used)
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue
    symbols[offsets[length] ?? 0] = symbol
    offsets[length] = (offsets[length] ?? 0) + 1
  }
  counts[0] = 0
  return { counts, symbols }
}

function fixedCodes(): { literals: Huffman; distances: Huffman } {
  const lengths = new Uint8Array(LITERAL_CODES)
  for (const symbol of lengths.keys()) lengths[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8
  // Two of the 32 distance codes never occur; they complete the set.
  return { literals: buildHuffman(lengths), distances: buildHuffman(new Uint8Array(32).fill(5)) }
}

class Inflater {
  private readonly input: Uint8Array
  private readonly most: number
  private at: number
  private bits = 0
  private held = 0
  private output = new Uint8Array(FIRST_OUTPUT)
  private length = 0

  constructor(input: Uint8Array, start: number, most: number) {
    this.input = input
    this.at = start
    this.most = most
  }

  run(): { output: Uint8Array; end: number } {
    for (let last = false; !last; ) {
      last = this.take(1) === 1
      const kind = this.take(2)
      if (kind === 0) this.stored()
      else if (kind === 1) this.compressed(fixedCodes())
      else if (kind === 2) this.compressed(this.dynamicCodes())
      else throw damaged('a block of an unknown kind')
    }
    return { output: this.output.subarray(0, this.length), end: this.at }
  }

  private take(count: number): number {
    while (this.held < count) {
      const byte = this.input[this.at]
      if (byte === undefined) throw damaged('it ends too early')
      this.at += 1
      this.bits |= byte << this.held
      this.held += 8
    }
    const value = this.bits & ((1 << count) - 1)
    this.bits >>>= count
    this.held -= count
    return value
  }

  private symbol({ counts, symbols }: Huffman): number {
    let code = 0
    let first = 0
    let index = 0
    for (let bits = 1; bits <= MAX_BITS; bits++) {
      code |= this.take(1)
      const count = counts[bits] ?? 0
      if (code - count < first) {
        const found = symbols[index + code - first]
        if (found !== undefined) return found
      }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw damaged('an unknown code')
  }

  private room(more: number): void {
    const wanted = this.length + more
    if (wanted > this.most) throw new ArchiveError('archive.unpackedSize', 'unpacked it is larger than allowed')
    if (wanted <= this.output.length) return
    const larger = new Uint8Array(Math.min(this.most, Math.max(wanted, this.output.length * 2)))
    larger.set(this.output.subarray(0, this.length))
    this.output = larger
  }

  private stored(): void {
    this.bits = 0
    this.held = 0
    const length = this.take(16)
    if ((this.take(16) ^ 0xffff) !== length) throw damaged('a stored block says two lengths')
    if (this.at + length > this.input.length) throw damaged('it ends too early')
    this.room(length)
    this.output.set(this.input.subarray(this.at, this.at + length), this.length)
    this.at += length
    this.length += length
  }

  private dynamicCodes(): { literals: Huffman; distances: Huffman } {
    const literals = this.take(5) + 257
    const distances = this.take(5) + 1
    const codes = this.take(4) + 4
    if (literals > LITERAL_CODES - 2 || distances > DISTANCE_CODES) throw damaged('too many codes')
    const codeLengths = new Uint8Array(CODE_ORDER.length)
    for (const place of CODE_ORDER.slice(0, codes)) codeLengths[place] = this.take(3)
    const coder = buildHuffman(codeLengths)
    const lengths = new Uint8Array(literals + distances)
    for (let index = 0; index < lengths.length; ) {
      const symbol = this.symbol(coder)
      if (symbol < 16) {
        lengths[index++] = symbol
        continue
      }
      const value = symbol === 16 ? lengths[index - 1] : 0
      if (value === undefined) throw damaged('nothing to repeat')
      const times = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7)
      if (index + times > lengths.length) throw damaged('too many lengths')
      lengths.fill(value, index, index + times)
      index += times
    }
    if (lengths[256] === 0) throw damaged('no end is coded')
    return {
      literals: buildHuffman(lengths.subarray(0, literals)),
      distances: buildHuffman(lengths.subarray(literals)),
    }
  }

  private compressed({ literals, distances }: { literals: Huffman; distances: Huffman }): void {
    for (;;) {
      const symbol = this.symbol(literals)
      if (symbol === 256) return
      if (symbol < 256) {
        this.room(1)
        this.output[this.length++] = symbol
        continue
      }
      const [base, extra] = [LENGTH_BASE[symbol - 257], LENGTH_EXTRA[symbol - 257]]
      if (base === undefined || extra === undefined) throw damaged('an unknown length')
      const length = base + this.take(extra)
      const far = this.symbol(distances)
      const [start, more] = [DISTANCE_BASE[far], DISTANCE_EXTRA[far]]
      if (start === undefined || more === undefined) throw damaged('an unknown distance')
      const distance = start + this.take(more)
      if (distance > this.length) throw damaged('a copy from before the beginning')
      this.room(length)
      for (let left = length; left > 0; left--) {
        this.output[this.length] = this.output[this.length - distance] ?? 0
        this.length += 1
      }
    }
  }
}

/**
 * Unpacks a DEFLATE stream that begins at `start`; `end` is the place after it. Throws `archive.damaged`, and
 * `archive.unpackedSize` before more than `most` bytes are written.
 */
export function inflate(
  input: Uint8Array,
  { start, most }: { readonly start: number; readonly most: number },
): { readonly output: Uint8Array; readonly end: number } {
  return new Inflater(input, start, most).run()
}

const CRC_TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

/** CRC-32 as gzip and zip use it. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (CRC_TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}
