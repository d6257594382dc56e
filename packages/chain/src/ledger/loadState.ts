import { createTreeBuilder, decodePage, type Genesis, genesisTree, type SparseTree, TREE_PAGES } from '#kernel'
import { type Bytes, bytesToHash, type Hash, hexToBytes, type KeyValue } from '#primitives'
import { LedgerError } from './errors.ts'
import { pageOp } from './pages.ts'
import { changesIn } from './records.ts'
import { canonicalKey, decodeStoredPage, pagedKey, pageKey, pathOfStateKey, rangeOf, recordKey } from './schema.ts'

/** Values read, built or deleted in one go: a few milliseconds. */
const BATCH = 4000
const PAGES_WRITTEN = 16
/** So many changes are applied together, of one block or several. */
const CHANGES_TOGETHER = 20_000

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
    builder.add(entries.map(([key, value]) => [pathOfStateKey(key), value]))
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

/** What the pages hold, each of its own height. The next one is read while one is built. */
async function readPages(
  genesis: Genesis,
  { store }: Ports,
): Promise<{ readonly tree: SparseTree; readonly heights: readonly bigint[] }> {
  const builder = createTreeBuilder()
  const heights: bigint[] = []
  const unwritten = pagesOfGenesis(genesis)
  let next = store.get(pageKey(0))
  for (let page = 0; page < TREE_PAGES; page += 1) {
    const bytes = await next
    if (page + 1 < TREE_PAGES) next = store.get(pageKey(page + 1))
    try {
      const stored = bytes === undefined ? { height: 0n, entries: unwritten(page) } : decodeStoredPage(bytes)
      heights.push(stored.height)
      builder.add(decodePage(stored.entries, page))
    } catch (cause) {
      throw new LedgerError('ledger.corrupt', `Page ${page} of the state is not as it was written`, { cause })
    }
  }
  return { tree: builder.finish(), heights }
}

/** Does again what changed in each page since it was written. */
async function catchUp(
  { store }: Ports,
  start: { readonly tree: SparseTree; readonly heights: readonly bigint[] },
  height: bigint,
): Promise<SparseTree> {
  let { tree } = start
  let changes = new Map<Hash, Bytes | null>()
  const apply = (): void => {
    const next = tree.update(changes)
    if (next !== tree) tree.drop()
    tree = next
    changes = new Map()
  }
  const oldest = start.heights.reduce((least, one) => (one < least ? one : least), height)
  for (let at = oldest + 1n; at <= height; at += 1n) {
    const hash = await store.get(canonicalKey(at))
    const record = hash === undefined ? undefined : await store.get(recordKey(bytesToHash(hash)))
    if (record === undefined) throw new LedgerError('ledger.corrupt', `The record of block ${at} is not in the store`)
    for (const [path, value] of changesIn(record)) {
      const [page] = hexToBytes(path.slice(0, 4))
      if (at > (start.heights[page ?? 0] as bigint)) changes.set(path, value)
      if (changes.size >= CHANGES_TOGETHER) apply()
    }
  }
  apply()
  return tree
}

/** The state at the irreversible block, as it is stored. */
export async function loadState(genesis: Genesis, ports: Ports, place: Place): Promise<LoadedState> {
  const { height, stateRoot } = place
  const isPaged = (await ports.store.get(pagedKey)) !== undefined
  const flat = isPaged ? undefined : await loadFlat(ports)
  const start = flat === undefined ? await readPages(genesis, ports) : undefined
  const tree = start === undefined ? (flat as SparseTree) : await catchUp(ports, start, height)
  if (tree.root !== stateRoot) throw new LedgerError('ledger.corrupt', `The state at height ${height} has another root`)
  if (!isPaged) await turnIntoPages(ports, tree, height)
  await deleteFlat(ports)
  const heights = start?.heights ?? []
  const nextPage = heights.reduce((oldest, one, page) => (one < (heights[oldest] as bigint) ? page : oldest), 0)
  return { tree, nextPage }
}
