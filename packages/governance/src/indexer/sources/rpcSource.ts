import {
  type BlockView,
  createRpcClient,
  createWsClient,
  type RoundView,
  type RpcClient,
  RpcRequestError,
  type SocketConstructor,
  type TransactionView,
} from '@aelf/chain/rpc'
import type { Hash } from '#domain'
import { IndexerError } from '../errors.ts'
import { readCollection } from './rpcCollection.ts'
import { readGenesis, readGenesisHolding } from './rpcGenesis.ts'
import { readRanking } from './rpcRanking.ts'
import { readSharing } from './rpcSharing.ts'
import type { ChainSource, SourceBlock, SourceInfo, SourceRound, SourceTransaction } from './source.ts'

const RANGE_LIMIT = 100n
const PARALLEL_BLOCKS = 16
const ZERO_HASH = /^0x0{64}$/

export interface RpcSourceOptions {
  /** `http://host:port` of a node; its WebSocket is on the same port. */
  readonly url: string
  /** Pause between looks when no WebSocket wakes the indexer; 1000 when absent. */
  readonly pollMs?: number
  /** Wakes by subscription where the platform or the caller has WebSockets, by polling only otherwise. */
  readonly WebSocket?: SocketConstructor
}

const hashOrNull = (hash: Hash): Hash | null => (ZERO_HASH.test(hash) ? null : hash)

/** Reads a node over its JSON-RPC. */
export function createRpcSource(options: RpcSourceOptions): ChainSource {
  const client = createRpcClient({ url: options.url })
  return {
    info: () => readInfo(client),
    blocks: (from, to) => readBlocks(client, from, to),
    hashAt: (height) =>
      orUndefined(
        ['block.notFound'],
        async () => (await client.request('aelf_getBlock', [height.toString(), { transactions: 'ids' }])).hash,
      ),
    round: (number) =>
      orUndefined(['round.notFound'], async () => toRound(await client.request('aelf_getRound', [number]))),
    term: (term) =>
      orUndefined(['term.notFound'], async () => {
        const view = await client.request('aelf_getTerm', [term])
        return { ...view, startHeight: BigInt(view.startHeight) }
      }),
    sharing: (block) => readSharing(client, block),
    ranking: (height) => readRanking(client, height),
    collection: (at) => readCollection(client, at),
    genesis: () => readGenesis(client),
    genesisHolding: (account) => readGenesisHolding(client, account),
    watch: (wake) => watchHeads(options, wake),
  }
}

async function orUndefined<T>(codes: readonly string[], ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof RpcRequestError && codes.includes(error.code)) return undefined
    throw error
  }
}

async function readInfo(client: RpcClient): Promise<SourceInfo> {
  const info = await client.request('aelf_chainInfo')
  return {
    genesisHash: info.genesisHash,
    height: BigInt(info.height),
    headHash: info.headHash,
    prevotedHeight: BigInt(info.prevotedHeight),
    finalizedHeight: BigInt(info.finalizedHeight),
    slotMs: info.slotMs,
    genesisTimeMs: info.genesisTimeMs,
    termMs: info.termSeconds * 1000,
  }
}

async function readBlocks(client: RpcClient, from: bigint, to: bigint): Promise<SourceBlock[]> {
  const last = to - from >= RANGE_LIMIT ? from + RANGE_LIMIT - 1n : to
  const views = await client.request('aelf_getBlocks', [from.toString(), last.toString()])
  const blocks: SourceBlock[] = []
  for (let start = 0; start < views.length; start += PARALLEL_BLOCKS) {
    const part = views.slice(start, start + PARALLEL_BLOCKS)
    blocks.push(...(await Promise.all(part.map(async (view) => toBlock(view, await readTransactions(client, view))))))
  }
  return blocks
}

/** By hash, so that the transactions are those of this very block whatever the chain does meanwhile. */
async function readTransactions(client: RpcClient, view: BlockView): Promise<readonly TransactionView[]> {
  if (view.transactions.length === 0) return []
  if (isFull(view.transactions)) return view.transactions
  const full = await client.request('aelf_getBlock', [view.hash, { transactions: 'full' }])
  if (!isFull(full.transactions))
    throw new IndexerError('index.badAnswer', 'The node answered ids where whole transactions were asked for')
  return full.transactions
}

function isFull(transactions: BlockView['transactions']): transactions is readonly TransactionView[] {
  return transactions.every((transaction) => typeof transaction === 'object')
}

function toBlock(view: BlockView, transactions: readonly TransactionView[]): SourceBlock {
  const { consensus } = view
  return {
    height: BigInt(view.height),
    hash: view.hash,
    parentHash: view.parentHash,
    slot: BigInt(view.slot),
    timeMs: view.timeMs,
    producer: view.producer,
    transactionRoot: view.transactionRoot,
    receiptRoot: view.receiptRoot,
    stateRoot: view.stateRoot,
    indexRoot: view.indexRoot,
    signal: hashOrNull(view.signal),
    round: Number(consensus.round),
    term: consensus.term,
    index: consensus.index ?? null,
    isExtra: consensus.isExtra,
    reveal: hashOrNull(consensus.reveal),
    prevotedHeight: BigInt(consensus.prevotedHeight),
    generatedHeight: BigInt(consensus.generatedHeight),
    size: view.size,
    transactions: transactions.map(toTransaction),
  }
}

function toTransaction(view: TransactionView): SourceTransaction {
  const { decoded, receipt } = view
  if (decoded === undefined || receipt === undefined) {
    throw new IndexerError('index.badAnswer', `The node answered transaction ${view.id} of a block without receipt`, {
      id: view.id,
    })
  }
  return {
    id: view.id,
    envelope: view.envelope ?? null,
    from: decoded.from,
    contract: decoded.contract,
    contractAddress: decoded.contractAddress,
    method: decoded.method,
    args: decoded.args,
    intent: decoded.intent,
    refHeight: BigInt(decoded.refHeight),
    refHash: decoded.refHash,
    feeLimit: BigInt(decoded.feeLimit),
    nonce: decoded.nonce,
    success: receipt.status === 'success',
    error: receipt.error === undefined ? null : { code: receipt.error.code, help: receipt.error.help },
    fee: BigInt(receipt.fee),
    events: receipt.events,
  }
}

function toRound(view: RoundView): SourceRound {
  return {
    number: Number(view.number),
    term: view.term,
    startSlot: BigInt(view.startSlot),
    startTimeMs: view.startTimeMs,
    extra: view.extra,
    slots: view.slots.map((slot) => ({
      slot: BigInt(slot.slot),
      timeMs: slot.timeMs,
      producer: slot.producer,
      isExtra: slot.isExtra,
      state: slot.state,
      height: slot.height === undefined ? null : BigInt(slot.height),
      hash: slot.hash ?? null,
      reason: slot.reason ?? null,
    })),
    excluded: view.excluded,
  }
}

function watchHeads(options: RpcSourceOptions, wake: () => void): () => void {
  const timer = setInterval(wake, options.pollMs ?? 1_000)
  const { WebSocket } = options
  if (WebSocket === undefined && typeof globalThis.WebSocket === 'undefined') return () => clearInterval(timer)
  const socket = createWsClient({ url: options.url, ...(WebSocket === undefined ? {} : { WebSocket }) })
  // Refused or lost subscriptions leave the polling, which is slower but enough.
  for (const topic of ['heads', 'finalized'] as const) socket.subscribe(topic, wake).catch(() => undefined)
  return () => {
    clearInterval(timer)
    socket.close()
  }
}
