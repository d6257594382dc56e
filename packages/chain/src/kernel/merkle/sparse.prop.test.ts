import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asHash, type Bytes, bytesToHex, createPrng, type Hash, setReclaimer } from '#primitives'
import {
  decodeSparseProof,
  EMPTY_ROOT,
  emptySparseTree,
  encodeSparseProof,
  openTreeReader,
  type SparseProof,
  type SparseTree,
  sharedTreeMemory,
  verifySparseProof,
} from '../index.ts'
import { Arena, processArena } from './arena.ts'

const sha = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const tag = (text: string): Buffer => Buffer.from([text.length, ...Buffer.from(text)])
const bit = (path: string, depth: number): number =>
  (Number.parseInt(path[2 + (depth >> 2)] ?? '0', 16) >> (3 - (depth & 3))) & 1

/** The definition, computed from the whole map each time. */
function naiveHash(entries: readonly (readonly [string, Bytes])[], depth: number): Buffer {
  if (entries.length === 0) return sha(tag('aelf/empty/1'))
  const [first] = entries
  if (entries.length === 1 && first)
    return sha(tag('aelf/leaf/1'), Buffer.from(first[0].slice(2), 'hex'), sha(first[1]))
  const side = (wanted: number) => entries.filter(([path]) => bit(path, depth) === wanted)
  return sha(naiveHash(side(0), depth + 1), naiveHash(side(1), depth + 1))
}

const naiveRoot = (map: ReadonlyMap<string, Bytes>): string => `0x${naiveHash([...map], 0).toString('hex')}`

/** Few distinct paths with long shared prefixes, so that collisions, splits and collapses are common. */
const path: fc.Arbitrary<Hash> = fc
  .tuple(
    fc.constantFrom('00', '01', '80', 'ff'),
    fc.constantFrom('00', '01', 'ff'),
    fc.constantFrom('00', '01', '02', '03'),
  )
  .map(([head, middle, tail]) => asHash(`0x${head}${middle}${'00'.repeat(29)}${tail}`))
const value = fc.oneof(
  fc.uint8Array({ maxLength: 70 }),
  // Amounts: zeros first.
  fc
    .tuple(fc.nat({ max: 300 }), fc.uint8Array({ maxLength: 20 }))
    .map(([zeros, tail]) => Uint8Array.from([...new Uint8Array(zeros), ...tail])),
)
const change = fc.tuple(path, fc.option(value, { nil: null }))
const batches = fc.array(fc.array(change, { maxLength: 12 }), { maxLength: 8 })

function applied(map: ReadonlyMap<Hash, Bytes>, diff: ReadonlyMap<Hash, Bytes | null>): Map<Hash, Bytes> {
  const next = new Map(map)
  for (const [key, entry] of diff) {
    if (entry === null) next.delete(key)
    else next.set(key, entry)
  }
  return next
}

describe('sparse tree', () => {
  it('default: known roots', () => {
    expect(emptySparseTree().root).toBe(EMPTY_ROOT)
    expect(EMPTY_ROOT).toBe(naiveRoot(new Map()))
  })

  it('behavior: any sequence of batches gives the root of the resulting map, and old trees stay as they were [STATE-LEAF-1] [STATE-TREE-1]', () => {
    fc.assert(
      fc.property(batches, (list) => {
        let tree = emptySparseTree()
        let map = new Map<Hash, Bytes>()
        const history: { tree: typeof tree; root: string }[] = []
        for (const batch of list) {
          const diff = new Map(batch)
          tree = tree.update(diff)
          map = applied(map, diff)
          history.push({ tree, root: naiveRoot(map) })
          expect(tree.size).toBe(map.size)
          const sorted = [...map].sort(([a], [b]) => (a < b ? -1 : 1))
          expect([...tree.entries()].map(([key, entry]) => [key, bytesToHex(entry)])).toEqual(
            sorted.map(([key, entry]) => [key, bytesToHex(entry)]),
          )
        }
        for (const kept of history) expect(kept.tree.root).toBe(kept.root)
      }),
      { numRuns: 200 },
    )
  })

  it('behavior: every present and absent path is proven, and nothing else about it [STATE-PROOF-1] [STATE-EMPTY-1]', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(path, value), { maxLength: 20 }), path, value, (entries, asked, other) => {
        const map = new Map(entries)
        const tree = emptySparseTree().update(map)
        const proof = tree.prove(asked)
        const held = map.get(asked)
        expect(tree.get(asked)).toEqual(held)
        expect(verifySparseProof(tree.root, asked, held, proof)).toBe(true)
        if (held === undefined || bytesToHex(held) !== bytesToHex(other))
          expect(verifySparseProof(tree.root, asked, other, proof)).toBe(false)
        if (held !== undefined) expect(verifySparseProof(tree.root, asked, undefined, proof)).toBe(false)
        expect(decodeSparseProof(encodeSparseProof(proof))).toEqual(proof)
      }),
      { numRuns: 300 },
    )
  })

  it('behavior: a tampered proof fails', () => {
    const prng = createPrng('sparse tamper')
    const map = new Map<Hash, Bytes>()
    for (let index = 0; index < 200; index++) map.set(asHash(bytesToHex(prng.bytes(32))), prng.bytes(8))
    const tree = emptySparseTree().update(map)
    const [present] = map.keys()
    if (!present) throw new Error('no path')
    const good = tree.prove(present)
    const held = map.get(present)
    const changes: SparseProof[] = [
      { siblings: good.siblings.slice(1) },
      { siblings: [...good.siblings, EMPTY_ROOT] },
      { siblings: [...good.siblings, ...good.siblings] },
      { siblings: good.siblings.with(0, EMPTY_ROOT) },
      { ...good, leaf: { path: present, valueHash: present } },
    ]
    for (const bad of changes) expect(verifySparseProof(tree.root, present, held, bad)).toBe(false)
    const absent = asHash(bytesToHex(prng.bytes(32)))
    expect(verifySparseProof(tree.root, absent, undefined, good)).toBe(false)
    expect(
      verifySparseProof(tree.root, present, undefined, { siblings: [], leaf: { path: absent, valueHash: absent } }),
    ).toBe(false)
  })

  it('behavior: in a history with branches every tree held stays whole while others are dropped, and all memory is given back', () => {
    const arena = processArena()
    const before = arena.usage()
    const memory = sharedTreeMemory()
    const step = fc.tuple(fc.nat(), fc.array(change, { maxLength: 12 }), fc.boolean(), fc.nat())
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const held: { tree: SparseTree; map: Map<Hash, Bytes> }[] = [{ tree: emptySparseTree(), map: new Map() }]
        for (const [from, batch, isRead, drops] of steps) {
          const { tree, map } = held[from % held.length] as (typeof held)[0]
          const diff = new Map(batch)
          const next = { tree: tree.update(diff), map: applied(map, diff) }
          // Some trees are hashed at once, some only on top of trees without hashes.
          if (isRead) expect(next.tree.root).toBe(naiveRoot(next.map))
          if (held.every((one) => one.tree !== next.tree)) held.push(next)
          if (held.length > 6) held.splice(1 + (drops % (held.length - 1)), 1)[0]?.tree.drop()
        }
        for (const { tree, map } of held) {
          const shared = memory && openTreeReader(memory).at(tree.index)
          expect(tree.size).toBe(map.size)
          for (const [key, entry] of map) {
            expect(tree.get(key)).toEqual(entry)
            if (shared) expect(shared.get(key)).toEqual(entry)
          }
          expect(tree.root).toBe(naiveRoot(map))
          tree.drop()
        }
        const after = arena.usage()
        expect([after.inner, after.leaves]).toEqual([before.inner, before.leaves])
      }),
      { numRuns: 200 },
    )
    expect(memory).toBeDefined()
  })

  it('behavior: what is given back in parts is used again, so that memory does not grow with the number of versions', () => {
    const arena = new Arena()
    const keys = createPrng('sparse reuse').bytes(32 * 4000)
    const fill = (salt: number): number => {
      let top = 0
      for (let index = 0; index < 4000; index++)
        top = arena.newInner(top, arena.newLeaf(keys, index * 32, new Uint8Array(salt % 300).fill(1)))
      arena.hold(top)
      return top
    }
    for (let round = 0; round < 8; round++) arena.release(fill(40))
    const { bytes } = arena.usage()
    for (let round = 0; round < 40; round++) arena.release(fill(40))
    expect(arena.usage().bytes).toBe(bytes)
    // Values of other lengths take places of their own and give them back as well.
    for (let round = 0; round < 5; round++) for (const length of [0, 1, 128, 129, 299]) arena.release(fill(length))
    const mixed = arena.usage().bytes
    for (let round = 0; round < 5; round++) for (const length of [0, 1, 128, 129, 299]) arena.release(fill(length))
    expect(arena.usage()).toEqual({ inner: 0, leaves: 0, bytes: mixed })
  })

  it('behavior: a tree that nobody holds is given back through the reclaimer, one that was dropped only once', () => {
    const watched = new Map<object, () => void>()
    setReclaimer({
      watch: (held, forget) => watched.set(held, forget),
      unwatch: (held) => watched.delete(held),
      later: () => undefined,
      collect: () => undefined,
    })
    const before = processArena().usage()
    const entries = new Map([[asHash(`0x${'12'.repeat(32)}`), Uint8Array.of(1)]])
    const tree = emptySparseTree().update(entries)
    const dropped = emptySparseTree().update(entries)
    expect(watched.size).toBe(2)
    dropped.drop()
    dropped.drop()
    expect(() => dropped.root).toThrow(expect.objectContaining({ code: 'assertion.failed' }))
    expect(watched.size).toBe(1)
    watched.get(tree)?.()
    setReclaimer({
      watch: () => undefined,
      unwatch: () => undefined,
      later: () => undefined,
      collect: () => undefined,
    })
    expect(processArena().usage()).toEqual({ ...before, bytes: processArena().usage().bytes })
  })

  it('error: proof bytes have one form [STATE-PROOF-2]', () => {
    const bytes = encodeSparseProof({ siblings: [EMPTY_ROOT, asHash(`0x${'11'.repeat(32)}`)] })
    expect(() => decodeSparseProof(Uint8Array.from([...bytes, 0]))).toThrow(
      expect.objectContaining({ code: 'codec.trailing' }),
    )
    const padding = bytes.slice()
    padding[2] = 0b0110_0000
    expect(() => decodeSparseProof(padding)).toThrow(expect.objectContaining({ code: 'codec.padding' }))
    expect(() => decodeSparseProof(Uint8Array.of(1, 1))).toThrow(expect.objectContaining({ code: 'codec.limit' }))
    const flag = bytes.slice()
    flag[bytes.length - 1] = 2
    expect(() => decodeSparseProof(flag)).toThrow(expect.objectContaining({ code: 'codec.bool' }))
  })

  it('behavior: 20,000 updates on 100,000 values take well under a second, hashing included', () => {
    const prng = createPrng('sparse speed')
    const paths = Array.from({ length: 100_000 }, () => asHash(bytesToHex(prng.bytes(32))))
    const base = emptySparseTree().update(new Map(paths.map((key) => [key, new Uint8Array(32)])))
    expect(base.root).not.toBe(EMPTY_ROOT)
    const diff = new Map(paths.slice(0, 20_000).map((key) => [key, new Uint8Array(32).fill(1)]))
    const before = process.cpuUsage()
    const next = base.update(diff)
    expect(next.root).not.toBe(base.root)
    const { user, system } = process.cpuUsage(before)
    const workMs = (user + system) / 1000
    console.info(`sparse: 20,000 updates of 100,000 values in ${workMs.toFixed(0)} ms of processor time`)
    // Processor time, and far above what was measured, so that a busy machine does not fail it; a change of order of growth does.
    expect(workMs).toBeLessThan(4000)
  })
})
