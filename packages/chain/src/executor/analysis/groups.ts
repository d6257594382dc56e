import { ACCESS_BITS, type Item, type Resource } from '#contracts/runtime'
import type { FieldValue } from '#kernel'

/** Accesses that occur on a partition, as a set: bit 1 reads, 2 additions, 3 writes. */
type Kinds = number

const kindOf = (mask: number): Kinds => 1 << mask
const WRITES = kindOf(ACCESS_BITS.write)

/** Whether an access of one kind meets one of the other whose order matters: all but reads among reads and additions among additions. */
const clash = (a: Kinds, b: Kinds): boolean =>
  a !== 0 && b !== 0 && (a !== b || (a & WRITES) !== 0 || (a & (a - 1)) !== 0)

interface Node {
  kinds: Kinds
  /** First transaction that is joined here; -1 for none. */
  joined: number
}

interface ItemNode {
  /** Declarations of the whole item. */
  readonly whole: Node
  readonly partitions: Map<FieldValue | undefined, Node>
  /** Of all partitions together. */
  kinds: Kinds
}

const emptyNode = (): Node => ({ kinds: 0, joined: -1 })

/**
 * What transactions declare: one claim for each partition or whole item, several declarations of it merged. In lists beside each
 * other: a block has tens of thousands.
 */
class Claims {
  readonly nodes: Node[] = []
  readonly items: ItemNode[] = []
  readonly masks: number[] = []
  /** Where the claims of each transaction end. */
  readonly ends: number[] = []
  private readonly byItem = new Map<Item, ItemNode>()
  private readonly byNumber = new Map<string, ItemNode>()

  add(resources: readonly Resource[]): void {
    const { nodes, items, masks } = this
    const start = nodes.length
    for (const { access, item, whole, first } of resources) {
      const found = this.itemNode(item)
      const node = whole ? found.whole : partitionNode(found, first)
      const known = nodes.indexOf(node, start)
      if (known >= 0) masks[known] = (masks[known] as number) | ACCESS_BITS[access]
      else {
        nodes.push(node)
        items.push(found)
        masks.push(ACCESS_BITS[access])
      }
    }
    this.ends.push(nodes.length)
    for (let at = start; at < nodes.length; at++) {
      const node = nodes[at] as Node
      const item = items[at] as ItemNode
      const kind = kindOf(masks[at] as number)
      node.kinds |= kind
      if (node !== item.whole) item.kinds |= kind
    }
  }

  private itemNode(item: Item): ItemNode {
    const known = this.byItem.get(item)
    if (known !== undefined) return known
    const key = `${item.address}/${item.number}`
    const found = this.byNumber.get(key) ?? { whole: emptyNode(), partitions: new Map(), kinds: 0 }
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

/** Sets of transactions; the smallest number of a set stands for it. */
class Sets {
  private readonly parents: Int32Array

  constructor(size: number) {
    this.parents = new Int32Array(size)
    for (let index = 0; index < size; index++) this.parents[index] = index
  }

  find(index: number): number {
    const { parents } = this
    let root = index
    while (parents[root] !== root) root = parents[root] as number
    let at = index
    while (at !== root) {
      const next = parents[at] as number
      parents[at] = root
      at = next
    }
    return root
  }

  join(a: number, b: number): void {
    const first = this.find(a)
    const second = this.find(b)
    if (first < second) this.parents[second] = first
    else this.parents[first] = second
  }
}

function joinAt(sets: Sets, node: Node, index: number): void {
  if (node.joined < 0) node.joined = index
  else sets.join(node.joined, index)
}

/**
 * Groups of transactions whose order among each other may matter, by what each declares: two of different groups never conflict.
 * Members are numbers in rising order, groups come by their first member. Work grows with the number of declarations.
 */
export function groupsOf(declared: readonly (readonly Resource[])[]): readonly (readonly number[])[] {
  const claims = new Claims()
  for (const resources of declared) claims.add(resources)
  const { nodes, items, masks, ends } = claims
  const sets = new Sets(declared.length)
  let at = 0
  for (let index = 0; index < declared.length; index++) {
    for (const end = ends[index] as number; at < end; at++) {
      const node = nodes[at] as Node
      const item = items[at] as ItemNode
      const mask = masks[at] as number
      const { whole } = item
      if (node === whole) {
        if (clash(whole.kinds, whole.kinds) || clash(whole.kinds, item.kinds)) joinAt(sets, whole, index)
        continue
      }
      if (clash(node.kinds, node.kinds)) joinAt(sets, node, index)
      if (clash(kindOf(mask), whole.kinds)) joinAt(sets, whole, index)
    }
  }
  const groups = new Map<number, number[]>()
  for (let index = 0; index < declared.length; index++) {
    const root = sets.find(index)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [index])
    else group.push(index)
  }
  return [...groups.values()]
}

/**
 * Spreads groups over so many lanes by what they are expected to take: the largest first, each to the lane with the least to do.
 * In all lanes but the first, which is the caller's own, each transaction takes `moving` on top. Each lane has its transactions in block
 * order.
 */
export function spread(
  groups: readonly (readonly number[])[],
  expected: readonly number[],
  { lanes, moving }: { readonly lanes: number; readonly moving: number },
): { readonly lanes: readonly (readonly number[])[]; readonly loads: readonly number[] } {
  const weighed = groups.map((members, order) => {
    let weight = 0
    for (const member of members) weight += expected[member] ?? 0
    return { members, order, weight }
  })
  weighed.sort((a, b) => b.weight - a.weight || a.order - b.order)
  const loads = new Array<number>(lanes).fill(0)
  const shares = Array.from({ length: lanes }, (): number[] => [])
  for (const { members, weight } of weighed) {
    const moved = weight + moving * members.length
    let least = 0
    let load = (loads[0] as number) + weight
    for (let lane = 1; lane < lanes; lane++) {
      const here = (loads[lane] as number) + moved
      if (here >= load) continue
      least = lane
      load = here
    }
    loads[least] = load
    const share = shares[least] as number[]
    for (const member of members) share.push(member)
  }
  for (const share of shares) share.sort((a, b) => a - b)
  return { lanes: shares, loads }
}
