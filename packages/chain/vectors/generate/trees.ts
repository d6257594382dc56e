import { be, hex, join, raw, sha, tagged } from './bytes.ts'

interface Entry {
  readonly path: Buffer
  readonly value: Buffer
}

const EMPTY = tagged('aelf/empty/1')
const bit = (path: Buffer, depth: number): number => ((path[depth >> 3] ?? 0) >> (7 - (depth % 8))) & 1
const side = (entries: readonly Entry[], depth: number, wanted: number): Entry[] =>
  entries.filter((entry) => bit(entry.path, depth) === wanted)
const leaf = (entry: Entry): Buffer => tagged('aelf/leaf/1', entry.path, sha(entry.value))

function sparse(entries: readonly Entry[], depth: number): Buffer {
  const [only] = entries
  if (!only) return EMPTY
  return entries.length === 1
    ? leaf(only)
    : sha(sparse(side(entries, depth, 0), depth + 1), sparse(side(entries, depth, 1), depth + 1))
}

/** Proof bytes straight from the definition. */
function prove(entries: readonly Entry[], path: Buffer): string {
  const siblings: Buffer[] = []
  let below = [...entries]
  while (below.length > 1) {
    const depth = siblings.length
    siblings.push(sparse(side(below, depth, 1 - bit(path, depth)), depth + 1))
    below = side(below, depth, bit(path, depth))
  }
  const bits = siblings.map((sibling) => (sibling.equals(EMPTY) ? '0' : '1')).join('')
  const bitmap =
    bits === ''
      ? Buffer.alloc(0)
      : Buffer.from(
          (bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []).map((byte) =>
            Number.parseInt(byte, 2),
          ),
        )
  const [other] = below
  const end = other && !other.path.equals(path) ? join(be(1, 1), other.path, sha(other.value)) : be(0, 1)
  return hex(join(be(siblings.length, 2), bitmap, ...siblings.filter((sibling) => !sibling.equals(EMPTY)), end))
}

export function sparseVectors(): object {
  const random = Array.from(
    { length: 40 },
    (_, index): Entry => ({ path: sha(Buffer.from(`path ${index}`)), value: Buffer.alloc(index * 3, index) }),
  )
  const near = ['00', '01', '02', '80', 'ff'].map(
    (tail, index): Entry => ({ path: join(Buffer.alloc(31), raw(tail)), value: Buffer.from([index]) }),
  )
  const absent = [sha(Buffer.from('nowhere')), Buffer.alloc(32, 255), join(Buffer.alloc(31), raw('03'))]
  const maps = [[], random.slice(0, 1), random.slice(0, 2), near, random, [...random, ...near]]
  return {
    cases: maps.map((entries) => ({
      entries: entries.map(({ path, value }) => ({ path: hex(path), value: hex(value) })),
      root: hex(sparse(entries, 0)),
      proofs: [
        ...entries
          .slice(0, 4)
          .map(({ path, value }) => ({ path: hex(path), value: hex(value), proof: prove(entries, path) })),
        ...absent.map((path) => ({ path: hex(path), value: null, proof: prove(entries, path) })),
      ],
    })),
  }
}

function top(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (leaves.length === 1 && only) return only
  let half = 1
  while (half * 2 < leaves.length) half *= 2
  return sha(top(leaves.slice(0, half)), top(leaves.slice(half)))
}

/** Siblings from the leaf up, by the recursive definition. */
function path(leaves: readonly Buffer[], index: number): Buffer[] {
  if (leaves.length < 2) return []
  let half = 1
  while (half * 2 < leaves.length) half *= 2
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)]
  return index < half ? [...path(left, index), top(right)] : [...path(right, index - half), top(left)]
}

export function listVectors(): object {
  return {
    cases: [0, 1, 2, 3, 4, 5, 7, 8, 13].map((count) => {
      const items = Array.from({ length: count }, (_, index) => Buffer.alloc(index * 16, index + 1))
      const leaves = items.map((item, index) => tagged('aelf/item/1', be(index, 4), sha(item)))
      const root = tagged('aelf/list/1', be(count, 4), count === 0 ? Buffer.alloc(0) : top(leaves))
      const proofs = items.map((_, index) => {
        const siblings = path(leaves, index)
        return hex(join(be(index, 4), be(count, 4), be(siblings.length, 1), ...siblings))
      })
      return { items: items.map(hex), root: hex(root), proofs }
    }),
  }
}
