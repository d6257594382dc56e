import {
  createTreeBuilder,
  decodePage,
  type Genesis,
  genesisTree,
  mergeEntries,
  type SparseTree,
  TREE_PAGES,
} from '#kernel'
import { type Bytes, concatBytes, type Hash, type KeyValue, reclaimer } from '#primitives'
import { ChangeLog } from './changeLog.ts'
import { LedgerError } from './errors.ts'
import { pageOp } from './pages.ts'
import { recordAt } from './parts.ts'
import { eachChange } from './records.ts'
import { decodeStoredPage, pagedKey, pageKey, pathOfStateKey, rangeOf } from './schema.ts'

/** Values read, built or deleted in one go: a few milliseconds. */
const BATCH = 4000
const PAGES_WRITTEN = 16

/** Reading so many values leaves much behind, which the collector would keep for as long as a node allocates little. */
const LARGE_VALUES = 65_536

type Ports = { readonly store: KeyValue }

interface LoadedState {
  readonly tree: SparseTree
  /** The page that was written longest ago. */
  readonly nextPage: number
}

interface Place {
  readonly height: bigint
  readonly stateRoot: Hash
}

/** All values of a store from before there were pages, each by its key. */
async function loadFlat({ store }: Ports): Promise<SparseTree> {
  const builder = createTreeBuilder()
  const { gte, lt } = rangeOf('state')
  const read = (from: Bytes): Promise<[Bytes, Bytes][]> => store.range({ gte: from, lt, limit: BATCH })
  let next: ReturnType<typeof read> | undefined = read(gte)
  while (next !== undefined) {
    const entries: [Bytes, Bytes][] = await next
    const last = entries.at(-1)
    // The next key after `last`, one zero byte longer.
    next = last === undefined || entries.length < BATCH ? undefined : read(new Uint8Array([...last[0], 0]))
    const paths = concatBytes(...entries.map(([key]) => pathOfStateKey(key)))
    builder.add({ paths, values: entries.map(([, value]) => value) })
  }
  return builder.finish()
}

/** Makes a store of before there were pages one of today. Until the mark stands the values count, from then on the pages. */
async function turnIntoPages({ store }: Ports, tree: SparseTree, height: bigint): Promise<void> {
  for (let page = 0; page < TREE_PAGES; page += PAGES_WRITTEN) {
    const ops = Array.from({ length: PAGES_WRITTEN }, (_, index) => pageOp(tree, page + index, height))
    await store.write(ops, { sync: true })
  }
  await store.write([{ put: [pagedKey, new Uint8Array(0)] }], { sync: true })
}

async function deleteFlat({ store }: Ports): Promise<void> {
  let { gte } = rangeOf('state')
  const { lt } = rangeOf('state')
  for (;;) {
    const entries = await store.range({ gte, lt, limit: BATCH })
    const last = entries.at(-1)
    if (last === undefined) return
    await store.write(
      entries.map(([key]) => ({ del: key })),
      { sync: false },
    )
    // Not from the start again: a store passes by everything that was deleted there.
    gte = last[0]
  }
}

/** The values of genesis page by page, for those that were never written. */
function pagesOfGenesis(genesis: Genesis): (page: number) => Bytes {
  let tree: SparseTree | undefined
  return (page) => (tree ??= genesisTree(genesis)).page(page)
}

/** What blocks up to a height changed, read from their records as far down as a page needs it. */
class Changes {
  private readonly log = new ChangeLog()
  private readonly store: KeyValue
  /** The height that is read down to. */
  private low: bigint

  constructor({ store }: Ports, height: bigint) {
    this.store = store
    this.low = height
  }

  /** Reads what changed after a height. Pages before the one that asks have what they need. */
  async readDownTo(height: bigint, page: number): Promise<void> {
    for (; this.low > height; this.low -= 1n) {
      const at = this.low
      const record = await recordAt(this.store, at)
      if (record === undefined) throw new LedgerError('ledger.corrupt', `The record of block ${at} is not in the store`)
      eachChange(record, (path, value) => {
        if ((path[0] as number) >= page) this.log.add(at, path, value)
      })
    }
  }

  take(...page: Parameters<ChangeLog['take']>): ReturnType<ChangeLog['take']> {
    return this.log.take(...page)
  }

  close(): void {
    this.log.close()
  }
}

function asWritten<T>(page: number, decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    throw new LedgerError('ledger.corrupt', `Page ${page} of the state is not as it was written`, { cause })
  }
}

/** Builds the state at a height: what the pages hold, each of its own height, with what changed since. The next page is read meanwhile. */
async function readPages(
  genesis: Genesis,
  ports: Ports,
  height: bigint,
): Promise<{ readonly tree: SparseTree; readonly heights: readonly bigint[] }> {
  const { store } = ports
  const builder = createTreeBuilder()
  const heights: bigint[] = []
  const unwritten = pagesOfGenesis(genesis)
  const changes = new Changes(ports, height)
  const read = (page: number): Promise<Bytes | undefined> => {
    const bytes = store.get(pageKey(page))
    // It is looked at in its turn, which never comes when something else cannot be read before.
    bytes.catch(() => undefined)
    return bytes
  }
  let next = read(0)
  for (let page = 0; page < TREE_PAGES; page += 1) {
    const bytes = await next
    if (page + 1 < TREE_PAGES) next = read(page + 1)
    const { entries, above } = asWritten(page, () => {
      const stored = bytes === undefined ? { height: 0n, entries: unwritten(page) } : decodeStoredPage(bytes)
      return { entries: decodePage(stored.entries, page), above: stored.height }
    })
    heights.push(above)
    // A disk that does not answer says nothing about the page.
    await changes.readDownTo(above, page)
    asWritten(page, () => builder.add(mergeEntries(entries, changes.take(page, above))))
  }
  changes.close()
  return { tree: builder.finish(), heights }
}

/** The state at the irreversible block, as it is stored. */
export async function loadState(genesis: Genesis, ports: Ports, place: Place): Promise<LoadedState> {
  const { height, stateRoot } = place
  const isPaged = (await ports.store.get(pagedKey)) !== undefined
  const flat = isPaged ? undefined : await loadFlat(ports)
  const start = flat === undefined ? await readPages(genesis, ports, height) : undefined
  const tree = start?.tree ?? (flat as SparseTree)
  if (tree.root !== stateRoot) throw new LedgerError('ledger.corrupt', `The state at height ${height} has another root`)
  if (!isPaged) await turnIntoPages(ports, tree, height)
  await deleteFlat(ports)
  if (tree.size >= LARGE_VALUES) reclaimer().collect()
  const heights = start?.heights ?? []
  const nextPage = heights.reduce((oldest, one, page) => (one < (heights[oldest] as bigint) ? page : oldest), 0)
  return { tree, nextPage }
}
