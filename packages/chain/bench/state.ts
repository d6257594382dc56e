import { createHash } from 'node:crypto'
import { emptySparseTree, encodeField, type SparseTree } from '#kernel'
import {
  type Bytes,
  bytesToHash,
  createPrng,
  type Hash,
  hashPairs,
  pairHashEngineName,
  sha256,
  taggedHashBytes,
  writer,
} from '#primitives'
import { costRow, interleave, type Row, ratioOf, type Section } from './harness.ts'

const DIRTY = 20_000
/** Pairs in one call of the engine. */
const BATCH = 1024

const pathOf = (index: number): Hash =>
  bytesToHash(new Uint8Array(createHash('sha256').update(writer().u32(index).finish()).digest()))
const encodedAmount = (amount: number): Bytes => encodeField('uint256', BigInt(amount))

/** Inner nodes that an update of `dirty` of `size` values hashes. */
function innerHashes(size: number, dirty: number): number {
  let inner = 0
  for (let width = 1; width < size; width *= 2) inner += width * (1 - (1 - 1 / width) ** dirty)
  return Math.round(inner)
}

/** The hashes of an update and nothing else: pairs by the engine for many, two for each value one by one. */
function hashesAlone(inner: number): () => number {
  const pairs = new Uint8Array(BATCH * 64)
  const hashed = new Uint8Array(BATCH * 32)
  const [path, value] = [new Uint8Array(32), encodedAmount(1)]
  return () => {
    for (let left = inner; left > 0; left -= BATCH) {
      const count = Math.min(left, BATCH)
      hashPairs(pairs.subarray(0, count * 64), hashed.subarray(0, count * 32))
    }
    for (let index = 0; index < DIRTY; index += 1) taggedHashBytes('aelf/leaf/1', path, sha256(value))
    return 1
  }
}

async function measureSize(size: number, rounds: number): Promise<Row[]> {
  const paths = Array.from({ length: size }, (_, index) => pathOf(index))
  let tree: SparseTree = emptySparseTree()
  // In parts, so that a million values need no map of a million entries at once.
  for (let from = 0; from < size; from += 100_000) {
    tree = tree.update(
      new Map(paths.slice(from, from + 100_000).map((path, index) => [path, encodedAmount(from + index + 1)])),
    )
  }
  if (tree.root.length !== 66 || tree.size !== size) throw new Error('the tree is not complete')
  const prng = createPrng('bench')
  let turn = 0
  let diff = new Map<Hash, Bytes>()
  const inner = innerHashes(size, DIRTY)
  const label = size.toLocaleString('en')
  const [update, floor] = await interleave(
    [
      {
        name: `update and root, ${label} values`,
        before() {
          turn += 1
          diff = new Map()
          while (diff.size < DIRTY) diff.set(paths[prng.int(size)] ?? pathOf(0), encodedAmount(size + turn))
        },
        run() {
          const next = tree.update(diff)
          const isRooted = next.root.length > 0
          next.drop()
          return isRooted ? 1 : 0
        },
      },
      {
        name: `hashes alone: ${inner.toLocaleString('en')} pairs by ${pairHashEngineName()}, ${(2 * DIRTY).toLocaleString('en')} others (${label})`,
        run: hashesAlone(inner),
      },
    ],
    rounds,
  )
  if (update === undefined || floor === undefined) throw new Error('no samples')
  return [
    costRow(floor, { unit: 'ms', perSecond: 1000 }),
    {
      ...costRow(update, { unit: 'ms', perSecond: 1000 }),
      ratio: 1 / ratioOf(update, floor),
      base: 'times the hashes alone',
      isCost: true,
    },
  ]
}

/** State tree: 20,000 changed values and the new root. */
export async function measureState(rounds: number, options: { readonly million: boolean }): Promise<Section> {
  const rows = await measureSize(100_000, rounds)
  if (options.million) rows.push(...(await measureSize(1_000_000, rounds)))
  const title = `State root of a block that changes ${DIRTY.toLocaleString('en')} values`
  return options.million ? { title, rows } : { title, rows, note: 'a million values left out: the machine is too busy' }
}
