import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex } from '#primitives'
import {
  decodeListProof,
  EMPTY_LIST_ROOT,
  encodeListProof,
  listRoot,
  proveListItem,
  verifyListProof,
} from '../index.ts'

const sha = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const tag = (text: string): Buffer => Buffer.from([text.length, ...Buffer.from(text)])
const u32 = (value: number): Buffer => {
  const out = Buffer.alloc(4)
  out.writeUInt32BE(value)
  return out
}

/** The same tree by recursion: the left half is the largest power of two below the size. */
function naiveTop(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (leaves.length === 1 && only) return only
  let half = 1
  while (half * 2 < leaves.length) half *= 2
  return sha(naiveTop(leaves.slice(0, half)), naiveTop(leaves.slice(half)))
}

function naiveRoot(items: readonly Uint8Array[]): string {
  const leaves = items.map((item, index) => sha(tag('aelf/item/1'), u32(index), sha(item)))
  const top = leaves.length === 0 ? Buffer.alloc(0) : naiveTop(leaves)
  return `0x${sha(tag('aelf/list/1'), u32(items.length), top).toString('hex')}`
}

const list = fc.array(fc.uint8Array({ maxLength: 70 }), { minLength: 1, maxLength: 40 })

describe('list tree', () => {
  it('default: the empty list has its own root', () => {
    expect(listRoot([])).toBe(EMPTY_LIST_ROOT)
    expect(EMPTY_LIST_ROOT).toBe(naiveRoot([]))
  })
  it('behavior: equal to the recursive definition; every item is proven at its index only [LIST-ITEM-1] [LIST-ROOT-1] [HASH-NODE-1]', () => {
    fc.assert(
      fc.property(list, fc.nat(), (items, pick) => {
        const root = listRoot(items)
        expect(root).toBe(naiveRoot(items))
        const index = pick % items.length
        const item = items[index] as Uint8Array
        const proof = proveListItem(items, index)
        expect(verifyListProof(root, item, proof)).toBe(true)
        expect(decodeListProof(encodeListProof(proof))).toEqual(proof)
        expect(verifyListProof(root, Uint8Array.from([...item, 0]), proof)).toBe(false)
        for (const bad of [
          { ...proof, index: index + 1 },
          { ...proof, count: proof.count + 1 },
          { ...proof, siblings: [...proof.siblings, root] },
          { ...proof, index: -1 },
          { ...proof, index: 0.5 },
        ]) {
          expect(verifyListProof(root, item, bad)).toBe(false)
        }
      }),
    )
  })
  it('behavior: repeating the last item is another root [LIST-TREE-1]', () => {
    fc.assert(
      fc.property(list, (items) => {
        expect(listRoot([...items, items.at(-1) as Uint8Array])).not.toBe(listRoot(items))
      }),
    )
  })
  it('behavior: all indexes of all sizes to 70', () => {
    const items = Array.from({ length: 70 }, (_, index) => Uint8Array.of(index))
    for (let count = 1; count <= items.length; count++) {
      const some = items.slice(0, count)
      const root = listRoot(some)
      for (const [index, item] of some.entries())
        expect(verifyListProof(root, item, proveListItem(some, index)), bytesToHex(item)).toBe(true)
    }
  })
  it('error: proof bytes have limits [LIST-PROOF-1]', () => {
    expect(() => decodeListProof(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 33))).toThrow(
      expect.objectContaining({ code: 'codec.limit' }),
    )
    expect(() => decodeListProof(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0, 0))).toThrow(
      expect.objectContaining({ code: 'codec.trailing' }),
    )
    expect(() => proveListItem([], 0)).toThrow(expect.objectContaining({ code: 'assertion.failed' }))
  })
})
