import type { Bytes } from '#primitives'
import { get, moduleBytes, moduleOf, OP, set, signed, unsigned, VOID } from './wasmCode.ts'

/** Bytes absorbed by one permutation for a 256-bit digest. */
const RATE = 136
const ROUNDS = 24
/** Memory: round constants, digest, then the padded message. */
const DIGEST_AT = ROUNDS * 8
const INPUT_AT = DIGEST_AT + 32
const PAGE_BYTES = 65_536
const PAGES = 3

/** Longest message one call takes. */
export const MAX_KECCAK_INPUT: number = Math.floor((PAGES * PAGE_BYTES - INPUT_AT) / RATE) * RATE - 1

/** Local variables: blocks left, where to read, offset of the round constant; then the lanes and what a round needs. */
const BLOCKS = 0
const AT = 1
const ROUND = 2
const A = 3
const B = A + 25
const C = B + 25
const D = C + 5
const LANES = 25 + 25 + 5 + 5

const xor = (to: number, ...from: readonly number[]): number[] => [
  ...get(from[0] ?? to),
  ...from.slice(1).flatMap((local) => [...get(local), OP.xor64]),
]
const rotated = (value: readonly number[], by: number): number[] =>
  by === 0 ? [...value] : [...value, OP.const64, ...signed(by), OP.rotateLeft64]

/** How far each lane turns, by x + 5y. */
function rotations(): number[] {
  const turns = new Array<number>(25).fill(0)
  let x = 1
  let y = 0
  for (let step = 0; step < 24; step += 1) {
    turns[x + 5 * y] = (((step + 1) * (step + 2)) / 2) % 64
    const next = (2 * x + 3 * y) % 5
    x = y
    y = next
  }
  return turns
}

function roundConstants(): bigint[] {
  let register = 1
  const bit = (): bigint => {
    const out = BigInt(register & 1)
    register = (register << 1) ^ (register & 0x80 ? 0x171 : 0)
    return out
  }
  return Array.from({ length: ROUNDS }, () => {
    let value = 0n
    for (let power = 0n; power < 7n; power += 1n) value |= bit() << ((1n << power) - 1n)
    return value
  })
}

function roundCode(): number[] {
  const code: number[] = []
  const turns = rotations()
  const five = [0, 1, 2, 3, 4]
  for (const x of five) code.push(...xor(A, ...five.map((y) => A + x + 5 * y)), ...set(C + x))
  for (const x of five)
    code.push(...get(C + ((x + 4) % 5)), ...rotated(get(C + ((x + 1) % 5)), 1), OP.xor64, ...set(D + x))
  for (let lane = 0; lane < 25; lane += 1) {
    const x = lane % 5
    const y = (lane - x) / 5
    const to = y + 5 * ((2 * x + 3 * y) % 5)
    code.push(...rotated(xor(A, A + lane, D + x), turns[lane] ?? 0), ...set(B + to))
  }
  for (let lane = 0; lane < 25; lane += 1) {
    const row = lane - (lane % 5)
    const [next, after] = [B + row + ((lane + 1) % 5), B + row + ((lane + 2) % 5)]
    // −1 is one byte of signed LEB128: all bits set.
    code.push(
      ...get(B + lane),
      ...get(next),
      OP.const64,
      0x7f,
      OP.xor64,
      ...get(after),
      OP.and64,
      OP.xor64,
      ...set(A + lane),
    )
  }
  return [...code, ...get(A), ...get(ROUND), OP.load64, 3, 0, OP.xor64, ...set(A)]
}

/** `(blocks) → ()`: absorbs the padded message and leaves the digest in memory. */
function body(): number[] {
  const code = [OP.const32, ...signed(INPUT_AT), ...set(AT), OP.loop, VOID]
  for (let lane = 0; lane < RATE / 8; lane += 1) {
    code.push(...get(A + lane), ...get(AT), OP.load64, 3, ...unsigned(lane * 8), OP.xor64, ...set(A + lane))
  }
  code.push(OP.const32, 0, ...set(ROUND), OP.loop, VOID, ...roundCode())
  code.push(...get(ROUND), OP.const32, 8, OP.add32, ...set(ROUND))
  code.push(...get(ROUND), OP.const32, ...signed(ROUNDS * 8), OP.less32, OP.branchIf, 0, OP.end)
  code.push(...get(AT), OP.const32, ...signed(RATE), OP.add32, ...set(AT))
  code.push(...get(BLOCKS), OP.const32, 1, OP.subtract32, ...set(BLOCKS), ...get(BLOCKS), OP.branchIf, 0, OP.end)
  for (let lane = 0; lane < 4; lane += 1) {
    code.push(OP.const32, 0, ...get(A + lane), OP.store64, 3, ...unsigned(DIGEST_AT + lane * 8))
  }
  return code
}

const absorb = () => ({ name: 'absorb', locals: { i32: 2, i64: LANES }, body: body() })

function constantBytes(): Bytes {
  const bytes = new Uint8Array(ROUNDS * 8)
  const view = new DataView(bytes.buffer)
  for (const [round, value] of roundConstants().entries()) view.setBigUint64(round * 8, value, true)
  return bytes
}

/** The function for a thread, which instantiates the module itself. */
export interface KeccakProgram {
  /** Exports `memory` and `absorb`, which takes the number of blocks. */
  readonly code: Bytes
  /** What the memory begins with. */
  readonly constants: Bytes
  readonly digestAt: number
  readonly inputAt: number
  /** Bytes of a block. */
  readonly rate: number
}

export function keccakProgram(): KeccakProgram {
  const [code, constants] = [moduleBytes(absorb(), PAGES), constantBytes()]
  return { code, constants, digestAt: DIGEST_AT, inputAt: INPUT_AT, rate: RATE }
}

/**
 * Keccak-256 on 64-bit integers: a WebAssembly function of a few kilobytes that is assembled here, many times faster than
 * JavaScript's 32-bit halves. Takes up to `MAX_KECCAK_INPUT` bytes, and 32 to put the hash into.
 */
export function createKeccak(): (bytes: Bytes, digest: Bytes) => void {
  const { memory, run } = moduleOf(absorb(), PAGES)
  memory.set(constantBytes())
  return (bytes, digest) => {
    const blocks = Math.floor(bytes.length / RATE) + 1
    const end = INPUT_AT + blocks * RATE
    const from = INPUT_AT + bytes.length
    memory.set(bytes, INPUT_AT)
    memory.fill(0, from, end)
    memory[from] = 1
    memory[end - 1] = (memory[end - 1] ?? 0) | 0x80
    run(blocks)
    for (let at = 0; at < 32; at++) digest[at] = memory[DIGEST_AT + at] as number
  }
}
