import { equalBytes } from './bytes.ts'
import { PrimitiveError } from './error.ts'
import { sha256 } from './hash.ts'
import type { Bytes } from './types.ts'

/** Hashes many inner tree nodes in one call; a node may install a native one. */
export interface PairHashEngine {
  readonly name: string
  /** SHA-256 of each 64 bytes of `input`, one after the other into `output`. */
  readonly hashPairs: (input: Bytes, output: Bytes) => void
}

const PORTABLE: PairHashEngine = {
  name: 'one by one',
  hashPairs(input, output) {
    for (let from = 0, to = 0; from < input.length; from += 64, to += 32)
      output.set(sha256(input.subarray(from, from + 64)), to)
  },
}
const PROBE_COUNTS: readonly number[] = [1, 2, 3, 7, 8, 15, 16, 17, 33, 100]

let engine: PairHashEngine = PORTABLE

/** Installs an engine after comparing it with hashing one by one. Throws `primitive.engine` when any answer differs. */
export function setPairHashEngine(next: PairHashEngine): void {
  for (const count of PROBE_COUNTS) {
    const input = Uint8Array.from({ length: count * 64 }, (_, index) => (index * 151 + count) & 255)
    const [expected, actual] = [new Uint8Array(count * 32), new Uint8Array(count * 32)]
    PORTABLE.hashPairs(input, expected)
    next.hashPairs(input, actual)
    if (!equalBytes(expected, actual))
      throw new PrimitiveError('primitive.engine', `pair hash engine ${next.name} differs from the reference`, {
        details: { count },
      })
  }
  engine = next
}

/** Back to hashing one by one. */
export function resetPairHashEngine(): void {
  engine = PORTABLE
}

export function pairHashEngineName(): string {
  return engine.name
}

/** SHA-256 of each 64 bytes of `input` into `output`, which has room for 32 bytes a pair. */
export function hashPairs(input: Bytes, output: Bytes): void {
  engine.hashPairs(input, output)
}
