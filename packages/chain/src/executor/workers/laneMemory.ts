import type { LaneEntries } from '#executor'
import { assert } from '#primitives'

/** Memory between the node and one thread. */
export interface LaneMemory {
  readonly calls: SharedArrayBuffer
  readonly steps: SharedArrayBuffer
  readonly entries: SharedArrayBuffer
  readonly words: SharedArrayBuffer
}

/** Room for the calls of one block: more than half of the largest one. */
const CALL_BYTES = 4_194_304
/** Room for what they come to, and for the entries they write. Pages that were never written to take no memory. */
const STEP_BYTES = 8_388_608
const ENTRY_BYTES = 16_777_216

/** Words that two threads write stand so far apart: within one line of their caches each would wait for the other. */
const LINE = 32
/** Word: up to where calls stand, twice, and one more when no more come. */
export const GIVEN = 0
/** Word: how many calls are done: what they came to stands there. */
export const DONE: number = LINE
/** Word: whether the thread sleeps. */
export const SLEEPS: number = 2 * LINE
/** Word: whether the entries stand there. */
export const ANSWER: number = 3 * LINE
/** Words: how long each part of them is. */
const LENGTHS = 4 * LINE
const WORDS = LENGTHS + 3

/** Values of `ANSWER`. Whoever finds that the other was first goes by what that one left. */
export const OPEN = 0
export const ANSWERED = 1
export const AWAITED = 2

export function createLaneMemory(): LaneMemory {
  return {
    calls: new SharedArrayBuffer(CALL_BYTES),
    steps: new SharedArrayBuffer(STEP_BYTES),
    entries: new SharedArrayBuffer(ENTRY_BYTES),
    words: new SharedArrayBuffer(4 * WORDS),
  }
}

/** Throws where there is no room for them. */
export function writeAnswer({ entries: memory, words }: LaneMemory, { entries, keys, paths }: LaneEntries): void {
  const to = Buffer.from(memory)
  assert(entries.length + keys.length + paths.length <= to.length, 'there is room for the entries of a lane')
  to.set(entries)
  to.set(keys, entries.length)
  to.write(paths, entries.length + keys.length, 'latin1')
  new Int32Array(words, 4 * LENGTHS).set([entries.length, keys.length, paths.length])
}

/** Copies: the next entries take their place. */
export function readAnswer({ entries: memory, words }: LaneMemory): LaneEntries {
  const [keysAt = 0, keysLength = 0, pathsLength = 0] = new Int32Array(words, 4 * LENGTHS)
  const pathsAt = keysAt + keysLength
  return {
    entries: new Uint8Array(new Uint8Array(memory, 0, keysAt)),
    keys: new Uint8Array(new Uint8Array(memory, keysAt, keysLength)),
    paths: Buffer.from(memory, pathsAt, pathsLength).toString('latin1'),
  }
}
