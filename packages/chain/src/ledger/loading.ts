import type { ProposeInput } from '#consensus'
import {
  createTreeBuilder,
  decodeBlock,
  type ExecutionSummary,
  encodeBlock,
  genesisTree,
  type SparseTree,
  transactionId,
} from '#kernel'
import { type Bytes, bytesToHash, type Hash, hexToBytes, type KvOp } from '#primitives'
import { ChainTree, stateOf } from './chainTree.ts'
import { MARK_WINDOW } from './checks.ts'
import { outcomeStoredAs } from './commit.ts'
import { LedgerError } from './errors.ts'
import { decodeRecord, encodeRecord } from './records.ts'
import {
  blockKey,
  canonicalKey,
  decodeRoot,
  encodeRoot,
  hashOfUnfinalisedKey,
  pathOfStateKey,
  rangeOf,
  recordKey,
  rootKey,
  type StoredRoot,
  stateKey,
} from './schema.ts'
import type { BlockNode, LedgerOptions, LedgerPorts } from './types.ts'

/** Values read and built in one go: a few milliseconds. */
const STATE_BATCH = 4000

type Ports<S, P extends ProposeInput> = LedgerPorts<S, P>

function corrupt(message: string): LedgerError {
  return new LedgerError('ledger.corrupt', message)
}

async function createChain<S, P extends ProposeInput>(
  options: LedgerOptions,
  ports: Ports<S, P>,
): Promise<ChainTree<S>> {
  const { genesis, genesisBlock } = options
  const { header } = genesisBlock
  const tree = genesisTree(genesis)
  const state = ports.engine.init(genesis)
  const ops: KvOp[] = [
    { put: [blockKey(header.hash), encodeBlock(genesisBlock)] },
    { put: [recordKey(header.hash), encodeRecord({ receipts: [], diff: new Map(), summary: { evicted: [] } }, tree)] },
    { put: [canonicalKey(0n), hexToBytes(header.hash)] },
    {
      put: [
        rootKey,
        encodeRoot({ genesisHash: header.hash, height: 0n, hash: header.hash, engine: ports.codec.encode(state) }),
      ],
    },
  ]
  for (const [path, value] of genesis.state) ops.push({ put: [stateKey(path), value] })
  for (const indexer of ports.indexers ?? []) ops.push(...indexer.onFinalized({ header, state }))
  await ports.store.write(ops, { sync: true })
  const root: BlockNode<S> = { header, ids: new Set(), parent: undefined, tree, state, body: undefined }
  return new ChainTree(root, ports.engine, options.keepStates)
}

/**
 * The state as it is stored; the very tree that neighbours share, when that holds the same. It is read in parts, the next one while the
 * last is built, so that whoever asks the node meanwhile is answered.
 */
async function loadFlatState<S, P extends ProposeInput>(
  ports: Ports<S, P>,
  shared: SparseTree | undefined,
): Promise<SparseTree> {
  const builder = createTreeBuilder()
  const { gte, lt } = rangeOf('state')
  const read = (from: Bytes): Promise<[Bytes, Bytes][]> => ports.store.range({ gte: from, lt, limit: STATE_BATCH })
  let next: ReturnType<typeof read> | undefined = read(gte)
  while (next !== undefined) {
    const entries: [Bytes, Bytes][] = await next
    const last = entries.at(-1)
    // The next key after `last`, one zero byte longer.
    next = last === undefined || entries.length < STATE_BATCH ? undefined : read(new Uint8Array([...last[0], 0]))
    builder.add(entries.map(([key, value]) => [pathOfStateKey(key), value]))
  }
  const tree = builder.finish()
  if (shared === undefined || shared.root !== tree.root) return tree
  tree.drop()
  return shared
}

async function loadNode<S, P extends ProposeInput>(
  ports: Ports<S, P>,
  hash: Hash,
): Promise<{ node: BlockNode<S>; summary: ExecutionSummary; tree?: SparseTree }> {
  const [block, record] = await Promise.all([ports.store.get(blockKey(hash)), ports.store.get(recordKey(hash))])
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
    const { node } = await loadNode(ports, above.header.parentHash)
    node.body = undefined
    above.parent = node
    chain.settle(node)
    above = node
  }
}

async function loadUnfinalised<S, P extends ProposeInput>(chain: ChainTree<S>, ports: Ports<S, P>): Promise<void> {
  for (const [key] of await ports.store.range(rangeOf('unfinalised'))) {
    const { node, summary, tree } = await loadNode(ports, hashOfUnfinalisedKey(key))
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
): Promise<ChainTree<S>> {
  if (stored.genesisHash !== options.genesisBlock.header.hash) {
    throw new LedgerError('ledger.otherChain', 'The store holds another chain; use another directory or remove it', {
      details: { stored: stored.genesisHash, expected: options.genesisBlock.header.hash },
    })
  }
  const { node: root, tree } = await loadNode(ports, stored.hash)
  root.body = undefined
  root.tree = await loadFlatState(ports, tree)
  if (root.tree.root !== root.header.stateRoot) throw corrupt(`The state at height ${stored.height} has another root`)
  root.state = ports.codec.decode(stored.engine, ports.engine.init(options.genesis))
  const chain = new ChainTree(root, ports.engine, options.keepStates)
  await loadWindow(chain, ports)
  await loadUnfinalised(chain, ports)
  return chain
}

/** Opens the chain in a store at the head it had, or starts it from genesis. */
export async function openChain<S, P extends ProposeInput>(
  options: LedgerOptions,
  ports: LedgerPorts<S, P>,
): Promise<ChainTree<S>> {
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
  for (let at = from.height; at > height; at -= 1n) {
    const hash = await ports.store.get(canonicalKey(at))
    const record = hash === undefined ? undefined : await ports.store.get(recordKey(bytesToHash(hash)))
    if (record === undefined) return undefined
    tree = tree.update(decodeRecord(record).undo)
  }
  return tree
}
