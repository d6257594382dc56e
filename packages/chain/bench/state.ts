import { createHash } from 'node:crypto'
import { emptySparseTree, encodeField, type SparseTree } from '#kernel'
import { type Bytes, bytesToHash, createPrng, type Hash, sha256, writer } from '#primitives'
import { costRow, interleave, type Row, ratioOf, type Section } from './harness.ts'

const DIRTY = 20_000

const pathOf = (index: number): Hash =>
  bytesToHash(new Uint8Array(createHash('sha256').update(writer().u32(index).finish()).digest()))
const encodedAmount = (amount: number): Bytes => encodeField('uint256', BigInt(amount))

/** Hashes an update of `dirty` of `size` values takes: two for each leaf, and every inner node above one. */
function hashesFor(size: number, dirty: number): number {
  let inner = 0
  for (let width = 1; width < size; width *= 2) inner += width * (1 - (1 - 1 / width) ** dirty)
  return Math.round(inner + 2 * dirty)
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
  const hashes = hashesFor(size, DIRTY)
  const pair = new Uint8Array(64)
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
        run: () => (tree.update(diff).root.length > 0 ? 1 : 0),
      },
      {
        name: `sha256 only, ${hashes.toLocaleString('en')} hashes (${label})`,
        run() {
          for (let index = 0; index < hashes; index += 1) sha256(pair)
          return 1
        },
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
