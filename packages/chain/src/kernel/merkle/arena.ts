import { assert, type Bytes, reclaimer } from '#primitives'
import {
  copyValue,
  HASHED,
  INNER_STATE,
  INNER_WORDS,
  innerAt,
  isLeaf,
  keptIn,
  LEAF_PATH,
  LEAF_SIZE,
  LEAF_VALUE,
  LEAF_WORDS,
  LEFT_UNHASHED,
  leafAt,
  MAX_VALUE_BYTES,
  ONE_HOLDER,
  sizeOf,
  UNIT_SHIFT,
  zerosIn,
} from './nodes.ts'
import { grown, openRegion, type Region } from './region.ts'

/** Holders that are taken off one after the other before something else has a turn. */
const RELEASE_SLICE = 20_000
/** Of those that wait, as many are taken off for every node that needs memory, so that they cannot pile up. */
const RELEASE_PER_NODE = 16
/** Those that were taken off are forgotten from time to time. */
const RELEASED_KEPT = 65_536
/** Values up to here are kept by their size in units, longer ones by the next power of two. */
const EXACT_UNITS = 16

/** Units a value of some length takes. */
function unitsFor(length: number): number {
  const units = (length + 7) >> UNIT_SHIFT
  if (units <= EXACT_UNITS) return units
  let room = EXACT_UNITS
  while (room < units) room *= 2
  return room
}

/**
 * Memory of all state trees of a process: numbered nodes that never change and are shared by the trees of all versions. A node that no
 * tree and no other node holds is given back.
 */
export class Arena {
  inner: Region = openRegion()
  leaves: Region = openRegion()
  values: Region = openRegion()
  private nextInner = 1
  private nextLeaf = 1
  private nextUnit = 1
  /** Slots to be used again. Linked through the slots themselves, each would have to be waited for before the next is known. */
  private readonly freeInner: number[] = []
  private readonly freeLeaves: number[] = []
  /** Free places of each size. */
  private readonly freeUnits = new Map<number, number[]>()
  /** Nodes that have one holder less, which is still to be taken off, from `next` on: the oldest first, so that several are under way. */
  private released: number[] = []
  private next = 0
  private isWaiting = false
  private innerCount = 0
  private leafCount = 0

  /** Nodes in use, and bytes that were taken from the system. */
  usage(): { readonly inner: number; readonly leaves: number; readonly bytes: number } {
    const bytes = [this.inner, this.leaves, this.values].reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
    return { inner: this.innerCount, leaves: this.leafCount, bytes }
  }

  /** A node that nobody holds yet. Holds its children. */
  newInner(left: number, right: number): number {
    const slot = this.innerSlot()
    const { words } = this.inner
    const at = slot * INNER_WORDS
    words[at] = left
    words[at + 1] = right
    const [isLeftHashed, isRightHashed] = [left === 0 || this.hold(left), right === 0 || this.hold(right)]
    words[at + INNER_STATE] = (isLeftHashed ? 0 : LEFT_UNHASHED) + (isRightHashed ? 0 : 2 * LEFT_UNHASHED)
    this.innerCount += 1
    return slot << 1
  }

  /** A leaf that nobody holds yet, of the 32 bytes of `keys` at `from`. */
  newLeaf(keys: Bytes, from: number, value: Bytes): number {
    assert(value.length <= MAX_VALUE_BYTES, 'a value is below 16 MiB')
    const size = sizeOf(value)
    const unit = keptIn(size) === 0 ? 0 : this.place(value, zerosIn(size))
    const slot = this.leafSlot()
    const { words, bytes } = this.leaves
    const at = slot * LEAF_WORDS
    words[at] = 0
    words[at + LEAF_VALUE] = unit
    words[at + LEAF_SIZE] = size
    const to = (at + LEAF_PATH) << 2
    for (let index = 0; index < 32; index++) bytes[to + index] = keys[from + index] as number
    this.leafCount += 1
    return (slot << 1) | 1
  }

  valueOf(leaf: number): Bytes {
    return copyValue(this.leaves.words, this.values.bytes, leaf)
  }

  /** Adds a holder; says whether the node has its hash. */
  hold(ref: number): boolean {
    const { words } = isLeaf(ref) ? this.leaves : this.inner
    const at = isLeaf(ref) ? leafAt(ref) : innerAt(ref) + INNER_STATE
    const state = words[at] as number
    words[at] = state + ONE_HOLDER
    return (state & HASHED) !== 0
  }

  /** Takes one holder off, and off all that nobody else holds: a part at once, the rest in the pauses. */
  release(ref: number): void {
    if (ref === 0) return
    this.released.push(ref)
    if (!this.isWaiting) this.work()
  }

  private work(): void {
    this.takeOff(RELEASE_SLICE)
    this.isWaiting = this.next < this.released.length
    if (this.isWaiting) reclaimer().later(() => this.work())
  }

  private takeOff(most: number): void {
    for (let left = most; left > 0; left--) {
      const ref = this.released[this.next]
      if (ref === undefined) break
      this.next += 1
      if (isLeaf(ref)) this.takeOffLeaf(ref)
      else this.takeOffInner(ref)
    }
    if (this.next === 0 || (this.next < RELEASED_KEPT && this.next < this.released.length)) return
    this.released = this.released.slice(this.next)
    this.next = 0
  }

  private takeOffInner(ref: number): void {
    const { words } = this.inner
    const at = innerAt(ref)
    const state = (words[at + INNER_STATE] as number) - ONE_HOLDER
    words[at + INNER_STATE] = state
    if (state >= ONE_HOLDER) return
    const [left, right] = [words[at] as number, words[at + 1] as number]
    if (left !== 0) this.released.push(left)
    if (right !== 0) this.released.push(right)
    this.freeInner.push(ref >> 1)
    this.innerCount -= 1
  }

  private takeOffLeaf(ref: number): void {
    const { words } = this.leaves
    const at = leafAt(ref)
    const state = (words[at] as number) - ONE_HOLDER
    words[at] = state
    if (state >= ONE_HOLDER) return
    const unit = words[at + LEAF_VALUE] as number
    if (unit !== 0) this.giveBack(unit, unitsFor(keptIn(words[at + LEAF_SIZE] as number)))
    this.freeLeaves.push(ref >> 1)
    this.leafCount -= 1
  }

  private innerSlot(): number {
    if (this.freeInner.length === 0) this.takeOff(RELEASE_PER_NODE)
    const slot = this.freeInner.pop()
    if (slot !== undefined) return slot
    while ((this.nextInner + 1) * INNER_WORDS > this.inner.words.length) this.inner = grown(this.inner)
    return this.nextInner++
  }

  private leafSlot(): number {
    if (this.freeLeaves.length === 0) this.takeOff(RELEASE_PER_NODE)
    const slot = this.freeLeaves.pop()
    if (slot !== undefined) return slot
    while ((this.nextLeaf + 1) * LEAF_WORDS > this.leaves.words.length) this.leaves = grown(this.leaves)
    return this.nextLeaf++
  }

  /** Copies what is kept of a value into a free place. */
  private place(value: Bytes, zeros: number): number {
    const units = unitsFor(value.length - zeros)
    let unit = this.freeUnits.get(units)?.pop()
    if (unit === undefined) {
      unit = this.nextUnit
      this.nextUnit += units
      while (this.nextUnit * (1 << UNIT_SHIFT) > this.values.bytes.length) this.values = grown(this.values)
    }
    const { bytes } = this.values
    const to = unit * (1 << UNIT_SHIFT) - zeros
    for (let index = zeros; index < value.length; index++) bytes[to + index] = value[index] as number
    return unit
  }

  private giveBack(unit: number, units: number): void {
    const free = this.freeUnits.get(units)
    if (free === undefined) this.freeUnits.set(units, [unit])
    else free.push(unit)
  }
}

let arena: Arena | undefined

/** The memory of this process, made when it is first needed. */
export function processArena(): Arena {
  return (arena ??= new Arena())
}
