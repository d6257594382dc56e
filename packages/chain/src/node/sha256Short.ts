import type { Bytes } from '#primitives'
import { get, moduleOf, OP, set, signed, unsigned } from './wasmCode.ts'

/** Memory: digest, then the padded message. */
const DIGEST_AT = 0
const BLOCK_AT = 32
const BLOCK = 64
/** Bytes of padding at least: one bit and the length. */
const PADDING = 9

/** Longest message one call takes, which is one block. OpenSSL takes half the time with longer ones. */
export const MAX_SHORT_BYTES: number = BLOCK - PADDING

/** Local variables: the argument, which is always the block's place; the working variables, the message words, a sum. */
const AT = 0
const V = 1
const W = V + 8
const T = W + 16
const LOCALS = T

const PRIMES = 64

/** First 32 bits of the fractional part of the root of each prime; the power names the root. */
export function fractions(count: number, power: 2n | 3n): number[] {
  const found: number[] = []
  for (let candidate = 2n; found.length < count; candidate += 1n) {
    let isPrime = true
    for (let divisor = 2n; divisor * divisor <= candidate; divisor += 1n)
      if (candidate % divisor === 0n) isPrime = false
    if (isPrime) found.push(Number(BigInt.asIntN(32, rootOf(candidate << (32n * power), power))))
  }
  return found
}

/** The root, rounded down. */
function rootOf(value: bigint, power: 2n | 3n): bigint {
  let low = 0n
  let high = 1n << 40n
  while (low + 1n < high) {
    const middle = (low + high) >> 1n
    if (middle ** power <= value) low = middle
    else high = middle
  }
  return low
}

const turned = (local: number, by: number): number[] => [...get(local), OP.const32, by, OP.rotateRight32]
const shifted = (local: number, by: number): number[] => [...get(local), OP.const32, by, OP.shiftRight32]
const xorOf = (...values: readonly (readonly number[])[]): number[] =>
  values.flatMap((value, index) => (index === 0 ? [...value] : [...value, OP.xor32]))

/** The other byte order of what is on the stack: SHA-256 reads big-endian words, WebAssembly little-endian ones. */
const swapped = (): number[] => [
  ...set(T),
  ...[...get(T), OP.const32, 8, OP.rotateLeft32, OP.const32, ...signed(0x00ff00ff), OP.and32],
  ...[...get(T), OP.const32, 8, OP.rotateRight32, OP.const32, ...signed(0xff00ff00 | 0), OP.and32],
  OP.or32,
]

function wordCode(round: number): number[] {
  const word = W + (round % 16)
  if (round < 16) return [...get(AT), OP.load32, 2, ...unsigned(round * 4), ...swapped(), ...set(word)]
  const [near, far] = [W + ((round + 1) % 16), W + ((round + 14) % 16)]
  return [
    ...get(word),
    ...[...xorOf(turned(near, 7), turned(near, 18), shifted(near, 3)), OP.add32],
    ...[...get(W + ((round + 9) % 16)), OP.add32],
    ...[...xorOf(turned(far, 17), turned(far, 19), shifted(far, 10)), OP.add32],
    ...set(word),
  ]
}

/** One round; the working variables change their names instead of their places. */
function roundCode(round: number, constant: number): number[] {
  const name = (index: number): number => V + ((((index - round) % 8) + 8) % 8)
  const [a, b, c, d] = [name(0), name(1), name(2), name(3)]
  const [e, f, g, h] = [name(4), name(5), name(6), name(7)]
  return [
    ...wordCode(round),
    ...[...get(h), ...xorOf(turned(e, 6), turned(e, 11), turned(e, 25)), OP.add32],
    ...[...get(f), ...get(g), OP.xor32, ...get(e), OP.and32, ...get(g), OP.xor32, OP.add32],
    ...[OP.const32, ...signed(constant), OP.add32, ...get(W + (round % 16)), OP.add32, ...set(T)],
    ...[...get(d), ...get(T), OP.add32, ...set(d)],
    ...[...get(T), ...xorOf(turned(a, 2), turned(a, 13), turned(a, 22)), OP.add32],
    ...[...get(a), ...get(b), OP.or32, ...get(c), OP.and32, ...get(a), ...get(b), OP.and32, OP.or32, OP.add32],
    ...set(h),
  ]
}

/** `(place) → ()`: hashes the padded message and leaves the digest in memory. */
function body(): number[] {
  const starts = fractions(8, 2n)
  const code: number[] = []
  for (const [index, start] of starts.entries()) code.push(OP.const32, ...signed(start), ...set(V + index))
  for (const [round, constant] of fractions(PRIMES, 3n).entries()) code.push(...roundCode(round, constant))
  for (const [index, start] of starts.entries()) {
    code.push(...get(V + index), OP.const32, ...signed(start), OP.add32, ...swapped(), ...set(T))
    code.push(OP.const32, DIGEST_AT, ...get(T), OP.store32, 2, ...unsigned(index * 4))
  }
  return code
}

/**
 * SHA-256 of messages of one block, such as digests and amounts: a WebAssembly function that is assembled here. OpenSSL is faster on one
 * thread, but threads get in each other's way there: two do 0.8 to 1.7 times the work of one, and with this twice. Takes up to
 * `MAX_SHORT_BYTES` bytes.
 */
export function createShortSha256(): (bytes: Bytes) => Bytes {
  const code = { name: 'hash', locals: { i32: LOCALS, i64: 0 }, body: body() }
  const { memory, run } = moduleOf(code, 1)
  const view = new DataView(memory.buffer)
  return (bytes) => {
    const from = BLOCK_AT + bytes.length
    memory.set(bytes, BLOCK_AT)
    memory.fill(0, from, BLOCK_AT + BLOCK)
    memory[from] = 0x80
    view.setUint32(BLOCK_AT + BLOCK - 4, bytes.length * 8)
    run(BLOCK_AT)
    const digest = new Uint8Array(32)
    for (let at = 0; at < 32; at++) digest[at] = memory[DIGEST_AT + at] as number
    return digest
  }
}
