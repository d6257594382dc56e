import { ACCESS_BITS, type Item, type Resource } from '#contracts/runtime'
import type { FieldValue } from '#kernel'

/** Accesses that occur on a partition, as a set: bit 1 reads, 2 additions, 3 writes. */
type Kinds = number

const kindOf = (mask: number): Kinds => 1 << mask
const WRITES = kindOf(ACCESS_BITS.write)

/** Whether the order of an access among others matters: not of reads among reads, nor of additions among additions. */
const clash = (kind: Kinds, others: Kinds): boolean => others !== 0 && (others !== kind || kind === WRITES)

/** Of a partition or a whole item: what was done to it so far, and by which lanes, a bit each. */
interface Node {
  kinds: Kinds
  lanes: number
}

interface ItemNode {
  /** Declarations of the whole item. */
  readonly whole: Node
  readonly partitions: Map<FieldValue | undefined, Node>
  /** Of all partitions together. */
  readonly all: Node
}

const emptyNode = (): Node => ({ kinds: 0, lanes: 0 })

function put(node: Node, kind: Kinds, lane: number): void {
  node.kinds |= kind
  node.lanes |= lane
}

/**
 * What the transactions of a block have declared so far, and which lane each was given to. Asked one transaction after the other, in
 * block order: work grows with the number of declarations.
 */
export class Claims {
  private readonly byItem = new Map<Item, ItemNode>()
  private readonly byNumber = new Map<string, ItemNode>()
  /** The transaction that was asked for last: one claim for each partition or whole item, several declarations of it merged. */
  private readonly nodes: Node[] = []
  private readonly items: ItemNode[] = []
  private readonly masks: number[] = []
  private count = 0

  /** Lanes with transactions whose order with one that declares this may matter, a bit each. */
  lanesOf(resources: readonly Resource[]): number {
    this.look(resources)
    let lanes = 0
    for (let at = 0; at < this.count; at++) {
      const node = this.nodes[at] as Node
      const { whole, all } = this.items[at] as ItemNode
      const kind = kindOf(this.masks[at] as number)
      const other = node === whole ? all : whole
      if (clash(kind, node.kinds)) lanes |= node.lanes
      if (clash(kind, other.kinds)) lanes |= other.lanes
    }
    return lanes
  }

  /** The transaction that was asked for last is given to a lane, of which this is the bit. */
  give(lane: number): void {
    for (let at = 0; at < this.count; at++) {
      const node = this.nodes[at] as Node
      const item = this.items[at] as ItemNode
      const kind = kindOf(this.masks[at] as number)
      put(node, kind, lane)
      if (node !== item.whole) put(item.all, kind, lane)
    }
  }

  private look(resources: readonly Resource[]): void {
    const { nodes, items, masks } = this
    let count = 0
    for (const { access, item, whole, first } of resources) {
      const found = this.itemNode(item)
      const node = whole ? found.whole : partitionNode(found, first)
      let known = 0
      while (known < count && nodes[known] !== node) known++
      if (known < count) masks[known] = (masks[known] as number) | ACCESS_BITS[access]
      else {
        nodes[count] = node
        items[count] = found
        masks[count] = ACCESS_BITS[access]
        count += 1
      }
    }
    this.count = count
  }

  private itemNode(item: Item): ItemNode {
    const known = this.byItem.get(item)
    if (known !== undefined) return known
    const key = `${item.address}/${item.number}`
    const found = this.byNumber.get(key) ?? { whole: emptyNode(), partitions: new Map(), all: emptyNode() }
    this.byNumber.set(key, found)
    this.byItem.set(item, found)
    return found
  }
}

function partitionNode({ partitions }: ItemNode, first: FieldValue | undefined): Node {
  const known = partitions.get(first)
  if (known !== undefined) return known
  const node = emptyNode()
  partitions.set(first, node)
  return node
}
