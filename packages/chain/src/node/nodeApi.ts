import { decodeHeaderData } from '#consensus/dpos'
import {
  decodeArgs,
  encodeBlock,
  encodeTransaction,
  type FieldValues,
  renderIntent,
  type SignedHeader,
  type SparseTree,
} from '#kernel'
import { LedgerError, type StoredBlock } from '#ledger'
import type { PoolEntry } from '#mempool'
import { AelfError, type Bytes, type Hash, hashEngineName, signatureEngineName, ZERO_HASH } from '#primitives'
import type {
  BlockConsensus,
  BlockRecord,
  CallRequest,
  NodeApi,
  NodeStatus,
  NodeWarning,
  SimulationRecord,
  StateAt,
  Submitted,
  TransactionRecord,
} from './api.ts'
import type { NodeParts } from './compose.ts'
import { NodeError } from './errors.ts'
import { delegatesOf, roundOf, termEndMs, termOf, viewOfRound } from './rounds.ts'
import { VERSION } from './version.ts'

const MAX_BLOCKS = 100n
const MAX_PENDING = 1000

function statusOf(parts: NodeParts, warnings: readonly NodeWarning[]): NodeStatus {
  const { chain, clock, net, devnet } = parts.ports
  const head = parts.ledger.head().header
  const state = parts.ledger.headState()
  const headTimeMs = parts.slots.startMs(head.slot)
  return {
    network: chain.genesis.network,
    chainId: chain.genesis.chainId,
    genesisHash: chain.network.genesisHash,
    genesisTimeMs: Number(chain.genesis.genesisTimeMs),
    slotMs: Number(chain.genesis.slotMs),
    termSeconds: chain.termSeconds,
    height: head.height,
    headHash: head.hash,
    headSlot: head.slot,
    headTimeMs,
    prevotedHeight: chain.engine.finalise(state).prevoted,
    finalizedHeight: parts.ledger.finalized().header.height,
    round: state.round.number,
    term: state.term.number,
    termEndsAtMs: termEndMs(parts, headTimeMs),
    nowMs: Math.floor(clock.now()),
    devnet: devnet !== undefined,
    engines: { signature: signatureEngineName(), hash: hashEngineName() },
    version: VERSION,
    nodes: net.peers().length + 1,
    genesisParams: chain.params,
    mempool: parts.mempool.size(),
    warnings,
  }
}

const GENESIS_CONSENSUS: BlockConsensus = {
  round: 0n,
  term: 0,
  index: undefined,
  isExtra: false,
  reveal: ZERO_HASH,
  prevotedHeight: 0n,
  generatedHeight: 0n,
}

async function consensusOf(parts: NodeParts, header: SignedHeader): Promise<BlockConsensus> {
  if (header.height === 0n) return GENESIS_CONSENSUS
  const { round, term, reveal, prevotedHeight, generatedHeight } = decodeHeaderData(header.consensus)
  // Only a regular block reveals an in-value.
  const isExtra = reveal === ZERO_HASH
  const base = { round, term, isExtra, reveal, prevotedHeight, generatedHeight }
  if (isExtra) return { ...base, index: undefined }
  const view = await viewOfRound(parts, round)
  const index = view?.slots.findIndex((slot) => slot.slot === header.slot) ?? -1
  return { ...base, index: index < 0 ? undefined : index }
}

async function recordOf(parts: NodeParts, stored: StoredBlock | undefined): Promise<BlockRecord | undefined> {
  if (stored === undefined) return undefined
  const { block, receipts, canonical, finalized } = stored
  return {
    block,
    receipts,
    canonical,
    finalized,
    consensus: await consensusOf(parts, block.header),
    timeMs: parts.slots.startMs(block.header.slot),
    sizeBytes: encodeBlock(block).length,
  }
}

async function blockByHeight(parts: NodeParts, height: bigint): Promise<BlockRecord | undefined> {
  const hash = await parts.ledger.hashAt(height)
  return hash === undefined ? undefined : recordOf(parts, await parts.ledger.block(hash))
}

async function blocksBetween(parts: NodeParts, from: bigint, to: bigint): Promise<BlockRecord[]> {
  if (to < from || to - from >= MAX_BLOCKS) {
    throw new NodeError('node.range', `A range of 1 to ${MAX_BLOCKS} blocks, first height first`, {
      details: { field: 'to' },
    })
  }
  const records: BlockRecord[] = []
  for (let height = from; height <= to; height += 1n) {
    const record = await blockByHeight(parts, height)
    if (record === undefined) break
    records.push(record)
  }
  return records
}

async function transactionOf(parts: NodeParts, id: Hash): Promise<TransactionRecord> {
  // Before the chain is asked, which may wait for the disk: meanwhile a block can take it out of the pool.
  const waiting = parts.mempool.get(id)
  const place = await parts.ledger.place(id)
  const stored = place === undefined ? undefined : await parts.ledger.block(place.blockHash)
  const transaction = stored?.block.transactions[place?.index ?? 0]
  const receipt = stored?.receipts[place?.index ?? 0]
  if (place !== undefined && stored !== undefined && transaction !== undefined && receipt !== undefined) {
    const { header } = stored.block
    const confirmations = parts.ledger.head().header.height - header.height + 1n
    const envelope = encodeTransaction(transaction)
    const { finalized } = stored
    return { status: 'included', transaction, envelope, header, index: place.index, receipt, confirmations, finalized }
  }
  if (waiting !== undefined) return { status: 'pending', transaction: waiting.transaction, envelope: waiting.envelope }
  const expired = parts.mempool.getExpired(id)
  if (expired !== undefined) return { status: 'expired', transaction: expired.transaction, envelope: expired.envelope }
  return { status: 'unknown' }
}

function nextEnvironment(parts: NodeParts): ReturnType<NodeParts['ledger']['environment']> {
  const head = parts.ledger.head()
  const now = parts.slots.now()
  return parts.ledger.environment(head, now > head.header.slot ? now : head.header.slot + 1n)
}

function simulate(parts: NodeParts, request: CallRequest): SimulationRecord {
  const method = parts.executor.methodOf(request)
  if (method === undefined) {
    throw new NodeError('call.unknownMethod', `No method ${request.method} at ${request.contract}`, {
      details: { field: 'method' },
    })
  }
  let args: FieldValues
  try {
    args = decodeArgs(method.abi, request.args)
  } catch (cause) {
    if (!(cause instanceof AelfError)) throw cause
    throw new NodeError('call.arguments', `The arguments of ${method.contract}.${method.name} do not decode`, {
      cause,
      details: { field: 'args' },
    })
  }
  const env = nextEnvironment(parts)
  const { ok, fee, error } = parts.executor.simulate(request, { state: parts.ledger.headTree(), env })
  return { ok, fee, error, intent: renderIntent(method, args), method }
}

async function stateAt(parts: NodeParts, height: bigint | undefined): Promise<StateAt> {
  const { ledger, slots } = parts
  const show = (header: SignedHeader, tree: SparseTree): StateAt => {
    return { header, timeMs: slots.startMs(header.slot), reader: tree, prove: (path) => tree.prove(path) }
  }
  const head = ledger.head().header
  if (height === undefined || height === head.height) return show(head, ledger.headTree())
  const tree = await ledger.treeAt(height)
  const hash = await ledger.hashAt(height)
  // Mostly in memory; otherwise the whole block is read for its header.
  const header =
    hash === undefined ? undefined : (ledger.node(hash)?.header ?? (await ledger.block(hash))?.block.header)
  if (header === undefined) throw new LedgerError('state.notKept', `There is no block at height ${height}`)
  return show(header, tree)
}

async function view(parts: NodeParts, request: Parameters<NodeApi['view']>[0]): Promise<unknown> {
  const { contract, args } = request
  const state = await stateAt(parts, request.at)
  const { height, slot, producer, signal } = state.header
  const declared = parts.executor.eraAt(state.reader, height).registry.view(contract, request.view)
  if (declared.args.length !== args.length) {
    throw new NodeError('call.arguments', `${contract}.${request.view} takes ${declared.args.length} arguments`, {
      details: { field: 'args' },
    })
  }
  const values: Record<string, FieldValues[string]> = {}
  declared.args.forEach((field, index) => {
    values[field.name] = args[index] as FieldValues[string]
  })
  const { chain } = parts.ports
  const { chainId } = chain.genesis
  const { genesisHash } = chain.network
  const env = { chainId, genesisHash, height, slot, timeMs: BigInt(state.timeMs), producer, signal }
  return parts.executor.view({ contract, view: request.view, args: values }, { state: state.reader, env })
}

/** What the API needs from the rest of the node. */
export interface NodeHooks {
  /** Offers an accepted transaction to the network. */
  publish(entry: PoolEntry): void
  warnings(): readonly NodeWarning[]
}

async function submitAll(
  { standing, mempool, events }: NodeParts,
  hooks: NodeHooks,
  envelopes: readonly Bytes[],
): Promise<readonly Submitted[]> {
  standing.assertAccepting()
  const admitted = await mempool.addAll(envelopes, { durable: true })
  return admitted.map((one) => {
    if ('error' in one) return one
    // The pool's own copy: what it knows already may be sent again with any signature.
    const { id, transaction } = one.entry
    hooks.publish(one.entry)
    events.emit({ kind: 'pending', id, transaction })
    return { id }
  })
}

/** Everything a server may ask, answered from one node's parts. */
export function createNodeApi(parts: NodeParts, hooks: NodeHooks): NodeApi {
  const { ledger, mempool, events } = parts
  return {
    status: () => statusOf(parts, hooks.warnings()),
    blockByHeight: (height) => blockByHeight(parts, height),
    blockByHash: async (hash) => recordOf(parts, await ledger.block(hash)),
    blocks: (from, to) => blocksBetween(parts, from, to),
    transaction: (id) => transactionOf(parts, id),
    async submit(given) {
      const [one] = await submitAll(parts, hooks, [given])
      if (one === undefined || 'error' in one) throw one?.error
      return one.id
    },
    submitAll: (envelopes) => submitAll(parts, hooks, envelopes),
    simulate: async (request) => simulate(parts, request),
    view: (request) => view(parts, request),
    stateAt: (height) => stateAt(parts, height),
    round: (number) => roundOf(parts, number),
    term: (term) => termOf(parts, term),
    delegates: async () => delegatesOf(parts),
    pending: (limit) =>
      mempool
        .list(Math.min(limit, MAX_PENDING))
        .map(({ id, transaction, envelope }) => ({ id, transaction, sizeBytes: envelope.length })),
    executionCosts: () => parts.executor.costs(),
    subscribe: (handler) => events.subscribe(handler),
    devnet: parts.ports.devnet,
  }
}
