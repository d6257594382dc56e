import type { Bytes } from '#primitives'
import { digestInto } from './sha256.ts'
import { fractions } from './sha256Short.ts'
import { get, LANES, moduleOf, OP, set, signed, unsigned, VOID } from './wasmCode.ts'

const LANE_COUNT = 4
const BLOCK = 64
const DIGEST = 32
const ROUNDS = 64
/** One bit and the length. */
const PADDING = 9
const BLOCKS_MAX = 2

/** Longest row. OpenSSL is as fast with longer ones. */
export const MAX_ROW_BYTES: number = BLOCKS_MAX * BLOCK - PADDING

/** Four lanes cost as much when only two of them are used. */
const FEW = 3

/** Memory: constants four times each, digests, padded messages. */
const CONSTANTS_AT = 0
const DIGESTS_AT = ROUNDS * LANE_COUNT * 4
const INPUT_AT = 32 * 1024
/** Room for `ROWS_MAX` rows of `BLOCKS_MAX` blocks. */
const PAGES = 2
const ROWS_MAX = 512

/** Local variables: blocks a message in the low bits and groups of messages above; where the digests go; where each lane reads. */
const ARGUMENT = 0
const GROUPS = 1
const LEFT = 2
const OUT = 3
const AT = 4
const INTEGERS = AT + LANE_COUNT - 1
const H = AT + LANE_COUNT
const V = H + 8
const W = V + 8
const T = W + 16
const VECTORS = 8 + 8 + 16 + 1

const eight = [0, 1, 2, 3, 4, 5, 6, 7]
const lanes = [0, 1, 2, 3]
const SWAP = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]

const shiftedLeft = (local: number, by: number): number[] => [...get(local), OP.const32, by, ...LANES.shiftLeft32]
const shifted = (local: number, by: number): number[] => [...get(local), OP.const32, by, ...LANES.shiftRight32]
const turned = (local: number, by: number): number[] => [
  ...shifted(local, by),
  ...shiftedLeft(local, 32 - by),
  ...LANES.or,
]
const xorOf = (...values: readonly (readonly number[])[]): number[] =>
  values.flatMap((value, index) => (index === 0 ? [...value] : [...value, ...LANES.xor]))
const swapped = (local: number): number[] => [...get(local), ...get(local), ...LANES.shuffle, ...SWAP]

function wordCode(round: number): number[] {
  const word = W + (round % 16)
  if (round < 16) {
    const place = [2, ...unsigned(round * 4)]
    const code = [...get(AT), ...LANES.loadFirst32, ...place, ...set(word)]
    for (const lane of lanes.slice(1))
      code.push(...get(AT + lane), ...get(word), ...LANES.loadLane32, ...place, lane, ...set(word))
    return [...code, ...swapped(word), ...set(word)]
  }
  const [near, far] = [W + ((round + 1) % 16), W + ((round + 14) % 16)]
  return [
    ...get(word),
    ...[...xorOf(turned(near, 7), turned(near, 18), shifted(near, 3)), ...LANES.add32],
    ...[...get(W + ((round + 9) % 16)), ...LANES.add32],
    ...[...xorOf(turned(far, 17), turned(far, 19), shifted(far, 10)), ...LANES.add32],
    ...set(word),
  ]
}

/** One round; the working variables change their names instead of their places. */
function roundCode(round: number): number[] {
  const name = (index: number): number => V + ((((index - round) % 8) + 8) % 8)
  const [a, b, c, d] = [name(0), name(1), name(2), name(3)]
  const [e, f, g, h] = [name(4), name(5), name(6), name(7)]
  const constant = [OP.const32, 0, ...LANES.load, 4, ...unsigned(CONSTANTS_AT + round * 16)]
  return [
    ...wordCode(round),
    ...[...get(h), ...xorOf(turned(e, 6), turned(e, 11), turned(e, 25)), ...LANES.add32],
    ...[...get(f), ...get(g), ...get(e), ...LANES.select, ...LANES.add32],
    ...[...constant, ...LANES.add32, ...get(W + (round % 16)), ...LANES.add32, ...set(T)],
    ...[...get(d), ...get(T), ...LANES.add32, ...set(d)],
    ...[...get(T), ...xorOf(turned(a, 2), turned(a, 13), turned(a, 22)), ...LANES.add32],
    // The majority: where two differ the third decides.
    ...[...get(c), ...get(a), ...xorOf(get(a), get(b)), ...LANES.select, ...LANES.add32],
    ...set(h),
  ]
}

const moved = (local: number, by: readonly number[]): number[] => [...get(local), ...by, OP.add32, ...set(local)]
const less = (local: number): number[] => [...get(local), OP.const32, 1, OP.subtract32, ...set(local), ...get(local)]

/** `(groups and blocks) → ()`: hashes four messages at a time, which lie behind each other and have equally many blocks. */
function body(): number[] {
  const starts = fractions(8, 2n)
  const code = [...get(ARGUMENT), OP.const32, 8, OP.shiftRight32, ...set(GROUPS)]
  code.push(...get(ARGUMENT), OP.const32, ...signed(255), OP.and32, ...set(ARGUMENT))
  code.push(OP.const32, ...signed(DIGESTS_AT), ...set(OUT), OP.const32, ...signed(INPUT_AT), ...set(AT))
  code.push(OP.loop, VOID)
  // The lanes read as far from each other as a message is long.
  const stride = [...get(ARGUMENT), OP.const32, 6, OP.shiftLeft32]
  for (const lane of lanes.slice(1)) code.push(...get(AT + lane - 1), ...stride, OP.add32, ...set(AT + lane))
  for (const at of eight) code.push(OP.const32, ...signed(starts[at] ?? 0), ...LANES.splat32, ...set(H + at))
  code.push(...get(ARGUMENT), ...set(LEFT), OP.loop, VOID)
  for (const at of eight) code.push(...get(H + at), ...set(V + at))
  for (let round = 0; round < ROUNDS; round++) code.push(...roundCode(round))
  for (const at of eight) code.push(...get(H + at), ...get(V + at), ...LANES.add32, ...set(H + at))
  for (const lane of lanes) code.push(...moved(AT + lane, [OP.const32, ...signed(BLOCK)]))
  code.push(...less(LEFT), OP.branchIf, 0, OP.end)
  for (const at of eight) {
    code.push(...swapped(H + at), ...set(T))
    for (const lane of lanes)
      code.push(...get(OUT), ...get(T), ...LANES.storeLane32, 2, ...unsigned(lane * DIGEST + at * 4), lane)
  }
  code.push(...moved(OUT, [OP.const32, ...signed(LANE_COUNT * DIGEST)]))
  // The last lane ends where the next four begin.
  code.push(...get(AT + LANE_COUNT - 1), ...set(AT), ...less(GROUPS), OP.branchIf, 0, OP.end)
  return code
}

/**
 * SHA-256 of every `length` bytes, four rows at a time in the lanes of WebAssembly's vectors: half the time of one after the other. Rows above
 * `MAX_ROW_BYTES`, or that do not lie as whole words, go one by one, as do few.
 */
export function createSha256Rows(): (input: Bytes, length: number, output: Bytes) => void {
  const locals = { i32: INTEGERS, i64: 0, v128: VECTORS }
  const { memory, run } = moduleOf({ name: 'hash', locals, body: body() }, PAGES)
  const view = new DataView(memory.buffer)
  for (const [round, constant] of fractions(ROUNDS, 3n).entries())
    for (const lane of lanes) view.setInt32(CONSTANTS_AT + round * 16 + lane * 4, constant, true)

  const words = new Int32Array(memory.buffer)
  /** Puts rows into memory, each with its padding, word by word: that is several times as fast as byte by byte. */
  const putRows = (source: Int32Array, rows: number, blocks: number): void => {
    const [length, room] = [source.length / rows, (blocks * BLOCK) >> 2]
    view.setUint32(INPUT_AT, length * 32)
    const bits = words[INPUT_AT >> 2] as number
    for (let row = 0, from = 0, at = INPUT_AT >> 2; row < rows; row++, from += length, at += room) {
      for (let word = 0; word < length; word++) words[at + word] = source[from + word] as number
      words[at + length] = 0x80
      for (let word = length + 1; word < room - 1; word++) words[at + word] = 0
      words[at + room - 1] = bits
    }
  }

  return (input, length, output) => {
    if (length > MAX_ROW_BYTES || input.length < FEW * length || ((length | input.byteOffset) & 3) !== 0) {
      for (let from = 0, to = 0; from < input.length; from += length, to += DIGEST)
        digestInto(input.subarray(from, from + length), output, to)
      return
    }
    const blocks = (length + PADDING + BLOCK - 1) >> 6
    for (let from = 0; from * length < input.length; from += ROWS_MAX) {
      const count = Math.min(ROWS_MAX, input.length / length - from)
      putRows(new Int32Array(input.buffer, input.byteOffset + from * length, (count * length) >> 2), count, blocks)
      run((((count + LANE_COUNT - 1) >> 2) << 8) | blocks)
      output.set(memory.subarray(DIGESTS_AT, DIGESTS_AT + count * DIGEST), from * DIGEST)
    }
  }
}
