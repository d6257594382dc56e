import type { ProposeInput } from '#consensus'
import { decodeBlock, type ExecutionSummary, encodeBlock, genesisTree, type SparseTree, transactionId } from '#kernel'
import { type Bytes, type Hash, hexToBytes, type KvOp } from '#primitives'
import { ChainTree, stateOf } from './chainTree.ts'
import { MARK_WINDOW } from './checks.ts'
import { outcomeStoredAs } from './commit.ts'
import { LedgerError } from './errors.ts'
import { loadState } from './loadState.ts'
import { Pages } from './pages.ts'
import { readBlock, readRecord, recordAt } from './parts.ts'
import { decodeRecord, encodeRecord } from './records.ts'
import {
  type BlockName,
  blockByHashKey,
  canonicalKey,
  decodeRoot,
  encodeRoot,
  pagedKey,
  rangeOf,
  recordByHashKey,
  rootKey,
  type StoredRoot,
  unfinalisedIn,
} from './schema.ts'
import type { BlockNode, LedgerOptions, LedgerPorts } from './types.ts'

type Ports<S, P extends ProposeInput> = LedgerPorts<S, P>

/** So many values are undone together, of one block or several: every update is hashed. */
const UNDONE_TOGETHER = 20_000

interface Opened<S> {
  readonly chain: ChainTree<S>
  readonly pages: Pages
}

function corrupt(message: string): LedgerError {
  return new LedgerError('ledger.corrupt', message)
}

async function createChain<S, P extends ProposeInput>(options: LedgerOptions, ports: Ports<S, P>): Promise<Opened<S>> {
  const { genesis, genesisBlock } = options
  const { header } = genesisBlock
  const tree = genesisTree(genesis)
  const state = ports.engine.init(genesis)
  const ops: KvOp[] = [
    { put: [blockByHashKey(header.hash), encodeBlock(genesisBlock)] },
    {
      put: [
        recordByHashKey(header.hash),
        encodeRecord({ receipts: [], diff: new Map(), summary: { evicted: [] } }, tree),
      ],
    },
    { put: [canonicalKey(0n), hexToBytes(header.hash)] },
    {
      put: [
        rootKey,
        encodeRoot({ genesisHash: header.hash, height: 0n, hash: header.hash, engine: ports.codec.encode(state) }),
      ],
    },
  ]
  // The state of genesis follows from the options: a page that was never written is its.
  ops.push({ put: [pagedKey, new Uint8Array(0)] })
  for (const indexer of ports.indexers ?? []) ops.push(...indexer.onFinalized({ header, state }))
  await ports.store.write(ops, { sync: true })
  const root: BlockNode<S> = { header, ids: new Set(), parent: undefined, tree, state, body: undefined }
  return { chain: new ChainTree(root, ports.engine, options.keepStates), pages: new Pages(0) }
}

async function loadNode<S, P extends ProposeInput>(
  ports: Ports<S, P>,
  name: BlockName,
): Promise<{ node: BlockNode<S>; summary: ExecutionSummary; tree?: SparseTree }> {
  const { hash } = name
  const [block, record] = await Promise.all([readBlock(ports.store, name), readRecord(ports.store, name)])
  if (block === undefined || record === undefined) throw corrupt(`Block ${hash} is not in the store`)
  const decoded = (ports.decodeBlock ?? decodeBlock)(block)
  const shared = outcomeStoredAs(record, hash, ports.memo)
  const { receipts, diff, summary } = shared ?? decodeRecord(record)
  const ids = new Set(decoded.transactions.map(transactionId))
  const body = { block: decoded, receipts, diff }
  const node = { header: decoded.header, ids, parent: undefined, tree: undefined, state: undefined, body }
  return shared === undefined ? { node, summary } : { node, summary, tree: shared.tree }
}

/** The irreversible blocks below the root that marks and replays are checked against. */
async function loadWindow<S, P extends ProposeInput>(chain: ChainTree<S>, ports: Ports<S, P>): Promise<void> {
  let above = chain.root
  for (let count = 0; count < MARK_WINDOW && above.header.height > 0n; count += 1) {
    const { height, parentHash } = above.header
    const { node } = await loadNode(ports, { height: height - 1n, hash: parentHash })
    node.body = undefined
    above.parent = node
    chain.settle(node)
    above = node
  }
}

async function loadUnfinalised<S, P extends ProposeInput>(chain: ChainTree<S>, ports: Ports<S, P>): Promise<void> {
  for (const [key] of await ports.store.range(rangeOf('unfinalised'))) {
    const { node, summary, tree } = await loadNode(ports, unfinalisedIn(key))
    const parent = chain.get(node.header.parentHash)
    if (parent?.tree === undefined) throw corrupt(`The parent of block ${node.header.hash} is missing`)
    node.parent = parent
    node.tree = tree ?? parent.tree.update(node.body?.diff ?? new Map())
    if (node.tree.root !== node.header.stateRoot)
      throw corrupt(`The state of block ${node.header.hash} has another root`)
    node.state = ports.engine.apply(stateOf(parent), node.header, summary)
    chain.restore(node)
  }
}

async function resumeChain<S, P extends ProposeInput>(
  stored: StoredRoot,
  options: LedgerOptions,
  ports: Ports<S, P>,
): Promise<Opened<S>> {
  if (stored.genesisHash !== options.genesisBlock.header.hash) {
    throw new LedgerError('ledger.otherChain', 'The store holds another chain; use another directory or remove it', {
      details: { stored: stored.genesisHash, expected: options.genesisBlock.header.hash },
    })
  }
  const { node: root, tree } = await loadNode(ports, stored)
  root.body = undefined
  const state = await loadState(options.genesis, ports, root.header)
  root.tree = state.tree
  // The very tree that neighbours share, when the store holds the same.
  if (tree !== undefined && tree.root === state.tree.root) {
    state.tree.drop()
    root.tree = tree
  }
  root.state = ports.codec.decode(stored.engine, ports.engine.init(options.genesis))
  const chain = new ChainTree(root, ports.engine, options.keepStates)
  await loadWindow(chain, ports)
  await loadUnfinalised(chain, ports)
  return { chain, pages: new Pages(state.nextPage) }
}

/** Opens the chain in a store at the head it had, or starts it from genesis. */
export async function openChain<S, P extends ProposeInput>(
  options: LedgerOptions,
  ports: LedgerPorts<S, P>,
): Promise<Opened<S>> {
  const stored = await ports.store.get(rootKey)
  return stored === undefined ? createChain(options, ports) : resumeChain(decodeRoot(stored), options, ports)
}

/** Undoes irreversible blocks in memory down to a height. Undefined when a record is missing. */
export async function treeBefore<S, P extends ProposeInput>(
  ports: LedgerPorts<S, P>,
  from: { readonly tree: SparseTree; readonly height: bigint },
  height: bigint,
): Promise<SparseTree | undefined> {
  let { tree } = from
  let undo = new Map<Hash, Bytes | null>()
  const apply = (): void => {
    const before = tree.update(undo)
    // Nobody else has the states in between.
    if (tree !== from.tree && before !== tree) tree.drop()
    tree = before
    undo = new Map()
  }
  for (let at = from.height; at > height; at -= 1n) {
    const record = await recordAt(ports.store, at)
    if (record === undefined) return undefined
    for (const [path, value] of decodeRecord(record).undo) undo.set(path, value)
    if (undo.size >= UNDONE_TOGETHER) apply()
  }
  apply()
  return tree
}
