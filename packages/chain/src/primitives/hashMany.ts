import { equalBytes } from './bytes.ts'
import { PrimitiveError } from './error.ts'
import { sha256 } from './hash.ts'
import type { Bytes } from './types.ts'

/** Hashes many messages in one call; a node may install a faster one. */
export interface ManyHashEngine {
  readonly name: string
  /** SHA-256 of each message, one after the other into `output`. */
  readonly each: (messages: readonly Bytes[], output: Bytes) => void
  /** SHA-256 of every `length` bytes of `input`, of which there is a whole number. */
  readonly rows: (input: Bytes, length: number, output: Bytes) => void
}

const PORTABLE: ManyHashEngine = {
  name: 'one by one',
  each(messages, output) {
    for (const [index, message] of messages.entries()) output.set(sha256(message), index * 32)
  },
  rows(input, length, output) {
    for (let from = 0, to = 0; from < input.length; from += length, to += 32)
      output.set(sha256(input.subarray(from, from + length)), to)
  },
}
const PROBE_LENGTHS: readonly number[] = [1, 32, 48, 55, 56, 63, 64, 65, 76, 119, 120, 222, 1015, 1016, 3000]

let engine: ManyHashEngine = PORTABLE

const probe = (length: number): Bytes => Uint8Array.from({ length }, (_, index) => (index * 151 + length) & 255)

function differs(next: ManyHashEngine): boolean {
  // All lengths three times over, so that short and long ones come in turn.
  const messages = [0, 1, 2].flatMap((turn) => [0, ...PROBE_LENGTHS].map((length) => probe(length).fill(turn, 0, 1)))
  const [expected, actual] = [new Uint8Array(messages.length * 32), new Uint8Array(messages.length * 32)]
  PORTABLE.each(messages, expected)
  next.each(messages, actual)
  if (!equalBytes(expected, actual)) return true
  return PROBE_LENGTHS.some((length) => {
    const [input, alone, together] = [probe(length * 7), new Uint8Array(7 * 32), new Uint8Array(7 * 32)]
    PORTABLE.rows(input, length, alone)
    next.rows(input, length, together)
    return !equalBytes(alone, together)
  })
}

/** Installs an engine after comparing it with hashing one by one. Throws `primitive.engine` when any answer differs. */
export function setManyHashEngine(next: ManyHashEngine): void {
  if (differs(next))
    throw new PrimitiveError('primitive.engine', `hash engine ${next.name} differs from hashing one by one`)
  engine = next
}

/** Back to hashing one by one. */
export function resetManyHashEngine(): void {
  engine = PORTABLE
}

/** SHA-256 of each message into `output`, which has room for 32 bytes each. */
export function hashEach(messages: readonly Bytes[], output: Bytes): void {
  engine.each(messages, output)
}

/** SHA-256 of every `length` bytes of `input` into `output`. */
export function hashRows(input: Bytes, length: number, output: Bytes): void {
  engine.rows(input, length, output)
}
