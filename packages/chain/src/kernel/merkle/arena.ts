import { assert, type Bytes, reclaimer } from '#primitives'
import {
  childrenAt,
  copyValue,
  EMPTY_BYTES,
  HASH_WORDS,
  holdersAt,
  isLeaf,
  keptIn,
  LINK_WORDS,
  MAX_VALUE_BYTES,
  PATH_BYTES,
  type Stored,
  sizeIn,
  sizeOf,
  UNIT_SHIFT,
  UNIT_WORDS,
  unitOf,
  zerosIn,
} from './nodes.ts'
import { grown, openRegion, type Region } from './region.ts'

/** Holders that are taken off one after the other before something else has a turn. */
const RELEASE_SLICE = 20_000
/** Of those that wait, as many are taken off for every node that needs memory, so that they cannot pile up. */
const RELEASE_PER_NODE = 16
/** Those that were taken off are forgotten from time to time. */
const RELEASED_KEPT = 65_536
/** Paths and values up to here are kept by their size in units, longer ones by the next power of two. */
const EXACT_UNITS = 16

/** Places for a path and so many bytes of a value, by their size: as many units up to `EXACT_UNITS`, twice as many each from there on. */
function sizeClass(kept: number): number {
  const units = (PATH_BYTES + kept + 7) >> UNIT_SHIFT
  let above = 0
  while (EXACT_UNITS << above < units) above++
  return above === 0 ? units : EXACT_UNITS + above
}

const unitsIn = (kind: number): number => (kind <= EXACT_UNITS ? kind : EXACT_UNITS << (kind - EXACT_UNITS))

/** A region with room for so many words. */
function withRoom(region: Region, words: number): Region {
  let next = region
  while (words > next.words.length) next = grown(next)
  return next
}

/**
 * Memory of all state trees of a process: numbered nodes that never change and are shared by the trees of all versions. A node that no
 * tree and no other node holds is given back.
 */
export class Arena {
  links: Region = openRegion()
  holders: Region = openRegion()
  hashes: Region = openRegion()
  values: Region = openRegion()
  private nextSlot = 1
  private nextUnit = 1
  /** Slots to be used again. Linked through the slots themselves, each would have to be waited for before the next is known. */
  private readonly freeSlots: number[] = []
  /** Free places of each size. */
  private readonly freeUnits: number[][] = []
  /** Nodes that have one holder less, which is still to be taken off, from `next` on: the oldest first, so that several are under way. */
  private released: number[] = []
  private next = 0
  private isWaiting = false
  private innerCount = 0
  private leafCount = 0

  constructor() {
    this.hashes.bytes.set(EMPTY_BYTES)
  }

  /** Nodes in use, and bytes that were taken from the system. */
  usage(): { readonly inner: number; readonly leaves: number; readonly bytes: number } {
    const regions = [this.links, this.holders, this.hashes, this.values]
    const bytes = regions.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
    return { inner: this.innerCount, leaves: this.leafCount, bytes }
  }

  stored(): Stored {
    return { links: this.links.words, values: this.values.bytes }
  }

  /** A node that nobody holds yet. Holds its children. Has no hash yet, as a leaf has none. */
  newInner(left: number, right: number): number {
    const slot = this.freeSlots.pop() ?? this.slot()
    const ref = slot << 1
    const { words } = this.links
    words[childrenAt(ref)] = left
    words[childrenAt(ref) + 1] = right
    this.hold(left)
    this.hold(right)
    this.holders.words[slot] = 0
    this.innerCount += 1
    return ref
  }

  /** A leaf that nobody holds yet, of the 32 bytes of `keys` at `from`. */
  newLeaf(keys: Bytes, from: number, value: Bytes): number {
    assert(value.length <= MAX_VALUE_BYTES, 'a value is below 16 MiB')
    const size = sizeOf(value)
    const unit = this.unit(sizeClass(keptIn(size)))
    const slot = this.freeSlots.pop() ?? this.slot()
    const ref = (slot << 1) | 1
    const { words } = this.links
    words[ref - 1] = unit
    words[ref] = size
    this.holders.words[slot] = 0
    const { bytes } = this.values
    const at = unit * (1 << UNIT_SHIFT)
    for (let index = 0; index < PATH_BYTES; index++) bytes[at + index] = keys[from + index] as number
    const zeros = zerosIn(size)
    const to = at + PATH_BYTES - zeros
    for (let index = zeros; index < value.length; index++) bytes[to + index] = value[index] as number
    this.leafCount += 1
    return ref
  }

  valueOf(leaf: number): Bytes {
    return copyValue(this.stored(), leaf)
  }

  hold(ref: number): void {
    const { words } = this.holders
    if (ref !== 0) words[holdersAt(ref)] = (words[holdersAt(ref)] as number) + 1
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
    const { words } = this.holders
    for (let turn = 0; turn < most; turn++) {
      const ref = this.released[this.next]
      if (ref === undefined) break
      this.next += 1
      const left = (words[holdersAt(ref)] as number) - 1
      words[holdersAt(ref)] = left
      if (left === 0) this.giveBack(ref)
    }
    if (this.next === 0 || (this.next < RELEASED_KEPT && this.next < this.released.length)) return
    this.released = this.released.slice(this.next)
    this.next = 0
  }

  private giveBack(ref: number): void {
    const { words } = this.links
    this.freeSlots.push(ref >> 1)
    if (isLeaf(ref)) {
      const free = (this.freeUnits[sizeClass(keptIn(sizeIn(words, ref)))] ??= [])
      free.push(unitOf(words, ref))
      this.leafCount -= 1
      return
    }
    const [left, right] = [words[childrenAt(ref)] as number, words[childrenAt(ref) + 1] as number]
    if (left !== 0) this.released.push(left)
    if (right !== 0) this.released.push(right)
    this.innerCount -= 1
  }

  /** A slot when none was free: perhaps one is once others are taken off. */
  private slot(): number {
    this.takeOff(RELEASE_PER_NODE)
    const slot = this.freeSlots.pop()
    if (slot !== undefined) return slot
    const next = this.nextSlot++
    this.links = withRoom(this.links, (next + 1) * LINK_WORDS)
    this.holders = withRoom(this.holders, next + 1)
    this.hashes = withRoom(this.hashes, (next + 1) * HASH_WORDS)
    return next
  }

  private unit(kind: number): number {
    const free = this.freeUnits[kind]?.pop()
    if (free !== undefined) return free
    const unit = this.nextUnit
    this.nextUnit += unitsIn(kind)
    this.values = withRoom(this.values, this.nextUnit * UNIT_WORDS)
    return unit
  }
}

let arena: Arena | undefined

/** The memory of this process, made when it is first needed. */
export function processArena(): Arena {
  return (arena ??= new Arena())
}
