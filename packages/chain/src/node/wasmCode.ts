/** Instructions of WebAssembly that the hash functions are made of. */
export const OP = {
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  load32: 0x28,
  load64: 0x29,
  store32: 0x36,
  store64: 0x37,
  const32: 0x41,
  const64: 0x42,
  less32: 0x49,
  add32: 0x6a,
  subtract32: 0x6b,
  and32: 0x71,
  or32: 0x72,
  xor32: 0x73,
  shiftLeft32: 0x74,
  shiftRight32: 0x76,
  rotateLeft32: 0x77,
  rotateRight32: 0x78,
  and64: 0x83,
  xor64: 0x85,
  rotateLeft64: 0x89,
} as const
/** Instructions on four words at once; all have a prefix. */
export const LANES = {
  load: [0xfd, 0x00],
  shuffle: [0xfd, 0x0d],
  splat32: [0xfd, 0x11],
  xor: [0xfd, 0x51],
  or: [0xfd, 0x50],
  select: [0xfd, 0x52],
  loadLane32: [0xfd, 0x56],
  storeLane32: [0xfd, 0x5a],
  loadFirst32: [0xfd, 0x5c],
  shiftLeft32: [0xfd, 0xab, 1],
  shiftRight32: [0xfd, 0xad, 1],
  add32: [0xfd, 0xae, 1],
} as const
/** A block without a value. */
export const VOID = 0x40

const I32 = 0x7f
const I64 = 0x7e
const V128 = 0x7b

export const unsigned = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]

/** A constant of 32 bits. */
export function signed(value: number): number[] {
  const low = value & 127
  const rest = value >> 7
  const isLast = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0)
  return isLast ? [low] : [low | 128, ...signed(rest)]
}

export const get = (local: number): number[] => [OP.get, local]
export const set = (local: number): number[] => [OP.set, local]

interface Code {
  readonly name: string
  readonly locals: { readonly i32: number; readonly i64: number; readonly v128?: number }
  readonly body: readonly number[]
}

/** A module of one function `(i32) → ()` with a memory of so many pages, which it exports as `memory`. */
export function moduleBytes({ name, locals, body }: Code, pages: number): Uint8Array<ArrayBuffer> {
  const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content]
  const text = (word: string): number[] => [word.length, ...[...word].map((letter) => letter.charCodeAt(0))]
  const code = [3, locals.i32, I32, locals.i64, I64, locals.v128 ?? 0, V128, ...body, OP.end]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, I32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, pages]),
    ...section(7, [2, ...text('memory'), 2, 0, ...text(name), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ])
}

/** The same, ready to run. */
export function moduleOf(
  code: Code,
  pages: number,
): { readonly memory: Uint8Array<ArrayBuffer>; run(argument: number): void } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(code, pages)))
  const memory = new Uint8Array((exports['memory'] as WebAssembly.Memory).buffer) as Uint8Array<ArrayBuffer>
  return { memory, run: exports[code.name] as (argument: number) => void }
}
