import { type ChainInfo, createRpcClient, type RpcClient } from '@aelf/chain/rpc'
import type { Address, Hash, NodeCollection, NodePointView, NodesAgreement, NodesView } from '#domain'
import { stalledSlots } from './node.ts'

const TIMEOUT_MS = 2_000
/** Nodes asked at most; the environment may not name more. */
export const NODES_MAX = 16
/** Heads further apart than this are no matter of a moment. */
const APART_BLOCKS = 8n

export interface NodeGroup {
  /** Asks every configured node and compares what they call irreversible. Never rejects, never waits longer than two short limits. */
  look(): Promise<NodesView>
}

interface Point {
  readonly name: string
  readonly client: RpcClient
}

/** What a node says of itself; parts that older nodes do not tell are absent. */
interface NodeFacts {
  readonly delegate?: Address
  readonly collection?: NodeCollection
}

interface Reading {
  readonly point: Point
  readonly latencyMs: number
  readonly info: ChainInfo | undefined
  readonly node: NodeFacts
  readonly failure: string
}

/** Host and port; what else an address carries, a password for instance, is nobody's business. */
const nameOf = (url: string): string => new URL(url).host

export function createNodeGroup(options: { urls: readonly string[]; now: () => number }): NodeGroup {
  const points = options.urls
    .slice(0, NODES_MAX)
    .map((url): Point => ({ name: nameOf(url), client: createRpcClient({ url, timeoutMs: TIMEOUT_MS, retries: 0 }) }))
  const read = async (point: Point): Promise<Reading> => {
    const began = options.now()
    const ended = () => ({ point, latencyMs: options.now() - began })
    try {
      const [info, node] = await Promise.all([point.client.request('aelf_chainInfo'), nodeFacts(point.client)])
      return { info, node, failure: '', ...ended() }
    } catch (error) {
      return { info: undefined, node: {}, failure: error instanceof Error ? error.message : 'no answer', ...ended() }
    }
  }
  return {
    look: async () => {
      const readings = await Promise.all(points.map(read))
      const genesis = readings.find(({ info }) => info !== undefined)?.info?.genesisHash
      const ours = readings.filter(({ info }) => info?.genesisHash === genesis && info !== undefined)
      const height = lowest(ours.map(({ info }) => BigInt(info?.finalizedHeight ?? 0)))
      const hashes = await hashesAt(ours, height)
      const highest = ours.reduce(
        (top, { info }) => (BigInt(info?.height ?? 0) > top ? BigInt(info?.height ?? 0) : top),
        0n,
      )
      return {
        nodes: readings.map((reading) => pointView(reading, { genesis, highest, hash: hashes.get(reading.point) })),
        agreement: judge({ hashes, height, readings: ours, highest }),
        askedAtMs: options.now(),
      }
    },
  }
}

const isHash = (value: unknown): value is Hash => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)

/** A node that does not tell leaves its parts out: they are not known then. */
async function nodeFacts(client: RpcClient): Promise<NodeFacts> {
  const info: unknown = await client.request('aelf_nodeInfo').catch(() => undefined)
  if (typeof info !== 'object' || info === null) return {}
  const { delegate, collection } = info as Readonly<Record<string, unknown>>
  return {
    ...(typeof delegate === 'string' ? { delegate: delegate.toLowerCase() as Address } : {}),
    ...collectionOf(collection),
  }
}

function collectionOf(value: unknown): Pick<NodeFacts, 'collection'> {
  if (typeof value !== 'object' || value === null) return {}
  const { running, signal, installed } = value as Readonly<Record<string, unknown>>
  if (!isHash(running)) return {}
  const others = Array.isArray(installed) ? installed.filter(isHash) : []
  return { collection: { running, installed: others, ...(isHash(signal) ? { signal } : {}) } }
}

const lowest = (heights: readonly bigint[]): bigint =>
  heights.reduce((low, height) => (height < low ? height : low), heights[0] ?? 0n)

/** What each node holds at one height that all of them call irreversible. */
async function hashesAt(readings: readonly Reading[], height: bigint): Promise<Map<Point, Hash>> {
  const found = await Promise.all(
    readings.map(async ({ point }) => {
      const header = await point.client.request('aelf_getHeader', [height.toString()]).catch(() => undefined)
      return [point, header?.hash] as const
    }),
  )
  return new Map(found.flatMap(([point, hash]) => (hash === undefined ? [] : [[point, hash] as const])))
}

function pointView(
  { point, info, node, failure, latencyMs }: Reading,
  { genesis, highest, hash }: { genesis: Hash | undefined; highest: bigint; hash: Hash | undefined },
): NodePointView {
  const { name } = point
  if (info === undefined) return { name, state: 'unreachable', detail: failure }
  const height = BigInt(info.height)
  const common = {
    ...node,
    name,
    latencyMs,
    version: info.version,
    height,
    headHash: info.headHash,
    finalizedHeight: BigInt(info.finalizedHeight),
  }
  if (info.genesisHash !== genesis) return { ...common, state: 'otherNetwork', detail: `It follows ${info.network}` }
  const compared = { ...common, behind: highest - height, ...(hash === undefined ? {} : { comparedHash: hash }) }
  const stalled = stalledSlots(info)
  if (stalled !== undefined) return { ...compared, state: 'stalled', detail: `No block came for ${stalled} slots` }
  return { ...compared, state: 'ok', detail: 'It answers and its head is recent' }
}

/** Compares what the nodes hold at the common irreversible height, then their heads. */
function judge(facts: {
  hashes: ReadonlyMap<Point, Hash>
  height: bigint
  readings: readonly Reading[]
  highest: bigint
}): NodesAgreement {
  const { hashes, height, readings, highest } = facts
  const holders = new Map<Hash, string[]>()
  for (const [point, hash] of hashes) holders.set(hash, [...(holders.get(hash) ?? []), point.name])
  const [first] = holders.keys()
  if (hashes.size < 2 || first === undefined)
    return { state: 'alone', detail: 'Only one node answers: there is nothing to compare it with' }
  if (holders.size > 1) {
    const blocks = [...holders].map(([hash, nodes]) => ({ hash, nodes }))
    return { state: 'conflict', height, blocks, detail: 'Nodes call different blocks irreversible at one height' }
  }
  const lag = highest - lowest(readings.map(({ info }) => BigInt(info?.height ?? 0)))
  const common = { height, hash: first }
  return lag > APART_BLOCKS
    ? { ...common, state: 'apart', detail: `The same chain, but heads are ${lag} blocks apart` }
    : { ...common, state: 'agree', detail: `All ${hashes.size} nodes hold the same irreversible chain` }
}
