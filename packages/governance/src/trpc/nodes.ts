import { type ChainInfo, createRpcClient, type RpcClient } from '@aelf/chain/rpc'
import type { Hash, NodePointView, NodesAgreement, NodesView } from '#domain'
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

interface Reading {
  readonly point: Point
  readonly latencyMs: number
  readonly info: ChainInfo | undefined
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
      return { info: await point.client.request('aelf_chainInfo'), failure: '', ...ended() }
    } catch (error) {
      return { info: undefined, failure: error instanceof Error ? error.message : 'no answer', ...ended() }
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
  { point, info, failure, latencyMs }: Reading,
  { genesis, highest, hash }: { genesis: Hash | undefined; highest: bigint; hash: Hash | undefined },
): NodePointView {
  const { name } = point
  if (info === undefined) return { name, state: 'unreachable', detail: failure }
  const height = BigInt(info.height)
  const common = {
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
