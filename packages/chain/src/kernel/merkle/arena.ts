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

/** Nodes that are given back one after the other before something else has a turn. */
const GIVEN_A_TURN = 16_384
/** Of those that wait, as many are given back when a node needs memory: more than one for each, so that they cannot pile up. */
const GIVEN_A_NODE = 64
/** Nodes whose memory is asked for together. */
const GIVEN_TOGETHER = 256
/** Those that were given back are forgotten from time to time. */
const FORGOTTEN_FROM = 65_536
/** Paths and values up to here are kept by their size in units, longer ones by the next power of two. */
const EXACT_UNITS = 16

/** Places for a path and so many bytes of a value, by their size: as many units up to `EXACT_UNITS`, twice as many each from there on. */
function sizeClass(kept: number): number {
  const units = (PATH_BYTES + kept + 7) >> UNIT_SHIFT
  let above = 0
  while (EXACT_UNITS << above < units) above++
  return above === 0 ? units : EXACT_UNITS + above
}

/** Where a sum goes that nobody needs. */
const unneeded = new Int32Array(1)

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
  /** Nodes that nobody holds, which are still to be given back, from `next` on: the oldest first, so that several are under way. */
  private unheld: number[] = []
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

  /** Takes one holder off, and gives back all that nobody holds after that: a part at once, the rest in the pauses. */
  release(ref: number): void {
    if (ref === 0) return
    this.takeOff(this.holders.words, ref)
    if (!this.isWaiting) this.work()
  }

  private work(): void {
    this.giveBack(GIVEN_A_TURN)
    this.isWaiting = this.next < this.unheld.length
    if (this.isWaiting) reclaimer().later(() => this.work())
  }

  private giveBack(most: number): void {
    const { unheld } = this
    for (let left = most; left > 0 && this.next < unheld.length; ) {
      const [from, end] = [this.next, this.next + GIVEN_TOGETHER]
      this.next = end < unheld.length ? end : unheld.length
      left -= this.next - from
      this.askForChildren(from, this.next)
      const [links, holders] = [this.links.words, this.holders.words]
      for (let at = from; at < this.next; at++) this.giveBackOne(links, holders, unheld[at] as number)
    }
    if (this.next === 0 || (this.next < FORGOTTEN_FROM && this.next < this.unheld.length)) return
    this.unheld = this.unheld.slice(this.next)
    this.next = 0
  }

  /** Asks for all of the memory of children first: alone, each would be waited for before it is known whether it has a holder left. */
  private askForChildren(from: number, to: number): void {
    const { unheld } = this
    const [links, holders] = [this.links.words, this.holders.words]
    let sum = 0
    for (let at = from; at < to; at++) {
      const ref = unheld[at] as number
      if (isLeaf(ref)) sum += links[ref] as number
      else {
        const [left, right] = [links[childrenAt(ref)] as number, links[childrenAt(ref) + 1] as number]
        sum += (holders[holdersAt(left)] as number) + (holders[holdersAt(right)] as number)
      }
    }
    unneeded[0] = sum
  }

  private giveBackOne(links: Int32Array, holders: Int32Array, ref: number): void {
    this.freeSlots.push(ref >> 1)
    if (isLeaf(ref)) {
      const free = (this.freeUnits[sizeClass(keptIn(sizeIn(links, ref)))] ??= [])
      free.push(unitOf(links, ref))
      this.leafCount -= 1
      return
    }
    this.takeOff(holders, links[childrenAt(ref)] as number)
    this.takeOff(holders, links[childrenAt(ref) + 1] as number)
    this.innerCount -= 1
  }

  private takeOff(holders: Int32Array, ref: number): void {
    if (ref === 0) return
    const left = (holders[holdersAt(ref)] as number) - 1
    holders[holdersAt(ref)] = left
    if (left === 0) this.unheld.push(ref)
  }

  /** A slot when none was free: perhaps one is once others are given back. */
  private slot(): number {
    this.giveBack(GIVEN_A_NODE)
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
