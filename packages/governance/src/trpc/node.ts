import {
  type ChainInfo,
  type ContractInfo,
  createRpcClient,
  type RoundView,
  RpcRequestError,
  type TransactionView,
} from '@aelf/chain/rpc'
import type { Hash, NodeHealth } from '#domain'

const TIMEOUT_MS = 2_000
const INFO_TTL_MS = 500
/** A head older than this many slots means the chain or the node stands still. */
const STALL_SLOTS = 10

/** What pages ask of a node directly. Answers are undefined when the node cannot be reached or has no such thing. */
export interface NodeGateway {
  info(): Promise<ChainInfo | undefined>
  health(): Promise<NodeHealth>
  round(number: number | 'latest'): Promise<RoundView | undefined>
  /** Undefined only when there is no answer: what a node does not know has a status that says so. */
  transaction(id: Hash): Promise<TransactionView | undefined>
  /** The contracts that the next block runs with. */
  contracts(): Promise<readonly ContractInfo[] | undefined>
  call(contract: string, view: string, args: { readonly [name: string]: string | number }): Promise<unknown>
}

interface Reading {
  readonly at: number
  readonly latencyMs: number
  readonly info: ChainInfo | undefined
  readonly failure: string
}

/** Asks with a short limit and without repeating: a page never waits for a node that is away. */
export function createNodeGateway(options: { url: string; now: () => number }): NodeGateway {
  const client = createRpcClient({ url: options.url, timeoutMs: TIMEOUT_MS, retries: 0 })
  let reading: Promise<Reading> | undefined
  let readAt = 0

  async function read(): Promise<Reading> {
    const at = options.now()
    try {
      const info = await client.request('aelf_chainInfo')
      return { at, latencyMs: options.now() - at, info, failure: '' }
    } catch (error) {
      return {
        at,
        latencyMs: options.now() - at,
        info: undefined,
        failure: error instanceof Error ? error.message : 'no answer',
      }
    }
  }
  const current = (): Promise<Reading> => {
    if (reading === undefined || options.now() - readAt > INFO_TTL_MS) {
      readAt = options.now()
      reading = read()
    }
    return reading
  }

  return {
    info: async () => (await current()).info,
    health: async () => healthOf(await current()),
    round: (number) => orUndefined(() => client.request('aelf_getRound', [number])),
    transaction: (id) => orUndefined(() => client.request('aelf_getTransaction', [id])),
    contracts: () => orUndefined(async () => (await client.request('aelf_getMetadata')).contracts),
    call: (contract, view, args) => orUndefined(() => client.request('aelf_call', [contract, view, args])),
  }
}

/** Slots since the head of a node whose chain stands still; undefined while blocks come. */
export function stalledSlots(info: ChainInfo): number | undefined {
  const slots = Math.floor((info.nowMs - info.genesisTimeMs) / info.slotMs) - Number(info.headSlot)
  return slots > STALL_SLOTS ? slots : undefined
}

function healthOf({ info, latencyMs, failure }: Reading): NodeHealth {
  if (info === undefined) return { state: 'unreachable', detail: `The node does not answer: ${failure}` }
  const common = { latencyMs, version: info.version, nodes: info.nodes, engines: info.engines }
  const slots = stalledSlots(info)
  if (slots !== undefined) return { state: 'stalled', detail: `No block came for ${slots} slots`, ...common }
  return { state: 'ok', detail: 'The node answers and its head is recent', ...common }
}

async function orUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof RpcRequestError) return undefined
    throw error
  }
}
