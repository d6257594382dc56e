import { createHash } from 'node:crypto'
import { emptySparseTree, encodeField, type SparseTree } from '#kernel'
import {
  type Bytes,
  bytesToHash,
  createPrng,
  type Hash,
  hashPairs,
  pairHashEngineName,
  reclaimer,
  sha256,
  taggedHashBytes,
  writer,
} from '#primitives'
import { costRow, interleave, median, type Row, ratioOf, type Section, timed } from './harness.ts'

const DIRTY = 20_000
/** Turns of the loop in which a version that nobody holds any more is given back, a part in each, and some more. */
const TURNS = 30
/** Updates before anything counts: giving back is slow until the engine has compiled it. */
const WARM_UPDATES = 10
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

/** Gives a version back, as a node does: in its pauses. */
async function giveBack(tree: SparseTree): Promise<number> {
  tree.drop()
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  return 1
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
  let next = tree
  const givenBack: number[] = []
  const inner = innerHashes(size, DIRTY)
  const label = size.toLocaleString('en')
  const change = (): void => {
    turn += 1
    diff = new Map()
    while (diff.size < DIRTY) diff.set(paths[prng.int(size)] ?? pathOf(0), encodedAmount(size + turn))
  }
  for (let early = 0; early < WARM_UPDATES; early += 1) {
    change()
    await giveBack(tree.update(diff))
  }
  reclaimer().collect()
  const [update, floor] = await interleave(
    [
      {
        name: `update and root, ${label} values`,
        before: change,
        run() {
          next = tree.update(diff)
          return next.root.length > 0 ? 1 : 0
        },
        async after() {
          givenBack.push(1000 / (await timed(() => giveBack(next))).processorRate)
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
    { name: `the version before it given back, in the pauses, ${label} values`, value: median(givenBack), unit: 'ms' },
  ]
}

/** State tree: 20,000 changed values and the new root. */
export async function measureState(rounds: number, options: { readonly million: boolean }): Promise<Section> {
  const rows = await measureSize(100_000, rounds)
  if (options.million) rows.push(...(await measureSize(1_000_000, rounds)))
  const title = `State root of a block that changes ${DIRTY.toLocaleString('en')} values`
  return options.million ? { title, rows } : { title, rows, note: 'a million values left out: the machine is too busy' }
}
