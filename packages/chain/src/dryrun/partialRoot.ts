import { bitOf, EMPTY_ROOT, innerHash, type StateDiff, sparseLeafHash } from '#kernel'
import { assert, type Bytes, bytesToHash, bytesToHex, type Hash, hexToBytes, sha256 } from '#primitives'
import type { ProvenEntry } from './types.ts'

interface LeafSum {
  readonly kind: 'leaf'
  readonly key: Bytes
  readonly valueHash: Bytes
}

/** What stands below a turn: nothing, one value, more than one, or something of which only the hash is known. */
type Below = LeafSum | { readonly kind: 'empty' } | { readonly kind: 'inner' | 'opaque'; readonly hash: Bytes }

interface Change {
  readonly key: Bytes
  readonly value: Bytes | null
}

interface Known {
  readonly key: Bytes
  readonly entry: ProvenEntry
}

const EMPTY: Below = { kind: 'empty' }
const EMPTY_HASH = hexToBytes(EMPTY_ROOT)

const hashOf = (below: Below): Bytes => {
  if (below.kind === 'empty') return EMPTY_HASH
  return below.kind === 'leaf' ? sparseLeafHash(below.key, below.valueHash) : below.hash
}

/** Values as one subtree; a lone value stands where its turns end. */
function build(leaves: readonly LeafSum[], depth: number): Below {
  const [first, second] = leaves
  if (first === undefined) return EMPTY
  if (second === undefined) return first
  const [left, right] = [0, 1].map((bit) =>
    build(
      leaves.filter(({ key }) => bitOf(key, depth) === bit),
      depth + 1,
    ),
  ) as [Below, Below]
  if (left.kind === 'empty' && right.kind === 'leaf') return right
  if (right.kind === 'empty' && left.kind === 'leaf') return left
  return { kind: 'inner', hash: innerHash(hashOf(left), hashOf(right)) }
}

/** A path below the half that changes do not touch: its proof tells what stands there. */
function pathBeside(key: Bytes, depth: number): Hash {
  const other = new Uint8Array(32)
  other.set(key.subarray(0, (depth >> 3) + 1))
  const at = depth >> 3
  const bit = 128 >> (depth & 7)
  other[at] = ((other[at] ?? 0) & ~(bit - 1)) ^ bit
  return bytesToHash(other)
}

class Walk {
  private readonly want: (path: Hash) => void

  constructor(want: (path: Hash) => void) {
    this.want = want
  }

  below(changes: readonly Change[], known: readonly Known[], depth: number): Below {
    const end = known.find(({ entry }) => entry.proof.siblings.length === depth)
    if (end !== undefined) return this.rebuilt(changes, end, depth)
    const halves = [0, 1].map((bit) => this.half({ changes, known, depth, bit })) as [Below, Below]
    return this.join(halves, { changes, known, depth })
  }

  /** A place where the tree ended: one value at most, and what comes to it. */
  private rebuilt(changes: readonly Change[], { key, entry }: Known, depth: number): Below {
    const { leaf } = entry.proof
    const leaves = new Map<string, LeafSum>()
    const put = (at: Bytes, valueHash: Bytes): unknown =>
      leaves.set(bytesToHex(at), { kind: 'leaf', key: at, valueHash })
    if (entry.value !== undefined) put(key, sha256(entry.value))
    else if (leaf !== undefined) put(hexToBytes(leaf.path), hexToBytes(leaf.valueHash))
    for (const change of changes) {
      if (change.value === null) leaves.delete(bytesToHex(change.key))
      else put(change.key, sha256(change.value))
    }
    return build([...leaves.values()], depth)
  }

  private half({ changes, known, depth, bit }: Turn & { readonly bit: number }): Below {
    const mine = known.filter(({ key }) => bitOf(key, depth) === bit)
    const touched = changes.filter(({ key }) => bitOf(key, depth) === bit)
    const other = known.find(({ key }) => bitOf(key, depth) !== bit)
    if (mine.length > 0 && (touched.length > 0 || other === undefined)) return this.below(touched, mine, depth + 1)
    const hash = other?.entry.proof.siblings[depth]
    assert(hash !== undefined, 'a proof reaches as deep as the tree')
    if (hash === EMPTY_ROOT) return EMPTY
    if (mine.length === 0) return { kind: 'opaque', hash: hexToBytes(hash) }
    const [first] = mine
    const ends = first !== undefined && first.entry.proof.siblings.length === depth + 1
    return ends ? this.rebuilt([], first, depth + 1) : { kind: 'inner', hash: hexToBytes(hash) }
  }

  private join([left, right]: readonly [Below, Below], { changes, known, depth }: Turn): Below {
    if (left.kind === 'empty' || right.kind === 'empty') {
      const rest = left.kind === 'empty' ? right : left
      if (rest.kind === 'empty' || rest.kind === 'leaf') return rest
      // It was beside something that is gone now: a lone value would move up, more than one stay.
      const wasAlone = known.some(({ entry }) => entry.proof.siblings[depth] === EMPTY_ROOT)
      const from = changes[0]?.key
      if (rest.kind === 'opaque' && !wasAlone && from !== undefined) this.want(pathBeside(from, depth))
    }
    return { kind: 'inner', hash: innerHash(hashOf(left), hashOf(right)) }
  }
}

interface Turn {
  readonly changes: readonly Change[]
  readonly known: readonly Known[]
  readonly depth: number
}

/**
 * Root of a state after changes, from proofs of the changed paths alone. Where a removal leaves something unknown beside it, `want` is called
 * with a path whose proof is needed too, and the root counts for nothing.
 */
export function partialRoot(diff: StateDiff, entries: readonly ProvenEntry[], want: (path: Hash) => void): Hash {
  const known = entries.map((entry) => ({ key: hexToBytes(entry.path), entry }))
  const proven = new Set(entries.map(({ path }) => path))
  const lacking = [...diff.keys()].filter((path) => !proven.has(path))
  for (const path of lacking) want(path)
  if (lacking.length > 0 || known.length === 0) return EMPTY_ROOT
  const changes = [...diff].map(([path, value]) => ({ key: hexToBytes(path), value }))
  return bytesToHash(hashOf(new Walk(want).below(changes, known, 0)))
}
