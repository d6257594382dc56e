import { ACCESS_BITS, type Item, type Resource } from '#contracts/runtime'
import type { FieldValue } from '#kernel'

/** Accesses that occur on a partition, as a set: bit 1 reads, 2 additions, 3 writes. */
type Kinds = number

const kindOf = (mask: number): Kinds => 1 << mask
const WRITES = kindOf(ACCESS_BITS.write)

/** Whether the order of an access among others matters: not of reads among reads, nor of additions among additions. */
const clash = (kind: Kinds, others: Kinds): boolean => others !== 0 && (others !== kind || kind === WRITES)

interface ItemClaims {
  /** Declarations of the whole item. */
  readonly whole: number
  /** Of all partitions together. */
  readonly all: number
  readonly partitions: Map<FieldValue | undefined, number>
}

/** Partitions that are remembered from block to block: the same ones come again and again, and a number for each takes time. */
const MOST_REMEMBERED = 65_536

/**
 * What the transactions of a block have declared so far, and which lane each was given to. Asked one transaction after the other, in
 * block order: work grows with the number of declarations. Partitions and whole items are numbers here, as a block has tens of thousands.
 */
export class Claims {
  private byItem = new Map<Item, ItemClaims>()
  private byNumber = new Map<string, ItemClaims>()
  /** What was done so far to each partition or whole item, and by which lanes, a bit each. */
  private kinds: Kinds[] = []
  private lanes: number[] = []
  /** The block in which that was. */
  private blocks: number[] = []
  private block = 0
  /** The transaction that was asked for last: one claim for each partition or whole item, several declarations of it merged. */
  private readonly claimed: number[] = []
  private readonly items: ItemClaims[] = []
  private readonly masks: number[] = []
  private count = 0

  /** Forgets what was declared: another block begins. */
  begin(): void {
    this.block += 1
    if (this.kinds.length < MOST_REMEMBERED) return
    this.byItem = new Map()
    this.byNumber = new Map()
    this.kinds = []
    this.lanes = []
    this.blocks = []
  }

  /** Lanes with transactions whose order with one that declares this may matter, a bit each. */
  lanesOf(resources: readonly Resource[]): number {
    this.look(resources)
    let lanes = 0
    for (let at = 0; at < this.count; at++) {
      const claimed = this.claimed[at] as number
      const { whole, all } = this.items[at] as ItemClaims
      const kind = kindOf(this.masks[at] as number)
      const other = claimed === whole ? all : whole
      if (clash(kind, this.kindsOf(claimed))) lanes |= this.lanes[claimed] as number
      if (clash(kind, this.kindsOf(other))) lanes |= this.lanes[other] as number
    }
    return lanes
  }

  /** The transaction that was asked for last is given to a lane, of which this is the bit. */
  give(lane: number): void {
    for (let at = 0; at < this.count; at++) {
      const claimed = this.claimed[at] as number
      const { whole, all } = this.items[at] as ItemClaims
      const kind = kindOf(this.masks[at] as number)
      this.put(claimed, kind, lane)
      if (claimed !== whole) this.put(all, kind, lane)
    }
  }

  private kindsOf(claimed: number): Kinds {
    return this.blocks[claimed] === this.block ? (this.kinds[claimed] as Kinds) : 0
  }

  private put(claimed: number, kind: Kinds, lane: number): void {
    const isFirst = this.blocks[claimed] !== this.block
    this.kinds[claimed] = isFirst ? kind : (this.kinds[claimed] as Kinds) | kind
    this.lanes[claimed] = isFirst ? lane : (this.lanes[claimed] as number) | lane
    this.blocks[claimed] = this.block
  }

  private look(resources: readonly Resource[]): void {
    const { claimed, items, masks } = this
    let count = 0
    for (const { access, item, whole, first } of resources) {
      const found = this.itemOf(item)
      const wanted = whole ? found.whole : this.partitionOf(found, first)
      let known = 0
      while (known < count && claimed[known] !== wanted) known++
      if (known < count) masks[known] = (masks[known] as number) | ACCESS_BITS[access]
      else {
        claimed[count] = wanted
        items[count] = found
        masks[count] = ACCESS_BITS[access]
        count += 1
      }
    }
    this.count = count
  }

  private itemOf(item: Item): ItemClaims {
    const known = this.byItem.get(item)
    if (known !== undefined) return known
    const key = `${item.address}/${item.number}`
    const found = this.byNumber.get(key) ?? { whole: this.add(), all: this.add(), partitions: new Map() }
    this.byNumber.set(key, found)
    this.byItem.set(item, found)
    return found
  }

  private partitionOf({ partitions }: ItemClaims, first: FieldValue | undefined): number {
    const known = partitions.get(first)
    if (known !== undefined) return known
    const made = this.add()
    partitions.set(first, made)
    return made
  }

  private add(): number {
    this.lanes.push(0)
    this.blocks.push(-1)
    return this.kinds.push(0) - 1
  }
}
