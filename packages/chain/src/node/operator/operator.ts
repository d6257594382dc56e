import { statfs } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { producerViews } from '#consensus/dpos'
import type { Address } from '#primitives'
import type { NodeInfoView, OperatorPeerView, OperatorStatusView } from '#rpc/routes'
import type { OperatorPort } from '#rpc/server'
import type { NodeWarning, RoundRecord } from '../api.ts'
import type { RunningNode } from '../compose.ts'
import type { LogRing } from '../logRing.ts'
import { createFolderSize } from './folderSize.ts'

/** Slots of the delegate that are shown. */
const MAX_SLOTS = 100
/** Rounds that are looked through for them. */
const MAX_ROUNDS = 100n

/** How far a node has come, as its sync sees it. */
export interface SyncView {
  readonly state: NodeInfoView['sync']['state']
  readonly height: bigint
  readonly targetHeight: bigint
  readonly reason?: string
}

/** One node as its operator sees it. */
export interface OperatedNode {
  readonly node: RunningNode
  readonly delegate: Address | undefined
  readonly keySource: 'keystore' | 'remote' | null
  sync(): SyncView
}

export interface OperatorOptions {
  readonly nodeId: string
  /** The node an operator sees: on a development network the one of the delegate that paired. */
  nodeOf(operator: Address): OperatedNode
  /** The node that answers anybody. */
  readonly open: OperatedNode
  isOperator(address: Address): boolean
  peers(): readonly OperatorPeerView[]
  bans(): OperatorStatusView['bans']
  warnings(operator: Address): readonly NodeWarning[]
  clockOffsetMs(): number | null
  /** Undefined for a chain in memory. */
  readonly dataDir: string | undefined
  readonly ring: LogRing | undefined
}

type Candidate = { readonly delegate: Address; readonly name: string }

async function candidatesOf({ node }: OperatedNode): Promise<readonly Candidate[]> {
  return (await node.api.view({ contract: 'election', view: 'candidates', args: [] })) as readonly Candidate[]
}

/** Where the delegate stands in the ranking of one head; the ranking is asked once a head. */
class Ranking {
  private readonly operated: OperatedNode
  private known: { readonly head: string; readonly list: readonly Candidate[] } | undefined
  private asking = false

  constructor(operated: OperatedNode) {
    this.operated = operated
  }

  /** The ranking that is at hand; a newer one is asked for meanwhile. */
  latest(): readonly Candidate[] {
    const { headHash } = this.operated.node.api.status()
    if (this.known?.head !== headHash && !this.asking) {
      this.asking = true
      this.refresh(headHash).catch(() => {
        // The next question asks again.
        this.asking = false
      })
    }
    return this.known?.list ?? []
  }

  async fresh(): Promise<readonly Candidate[]> {
    const { headHash } = this.operated.node.api.status()
    if (this.known?.head !== headHash) await this.refresh(headHash)
    return this.known?.list ?? []
  }

  private async refresh(head: string): Promise<void> {
    const list = await candidatesOf(this.operated)
    this.known = { head, list }
    this.asking = false
  }
}

function roleOf(operated: OperatedNode, ranking: readonly Candidate[]): NodeInfoView['role'] {
  const { delegate, node } = operated
  if (delegate === undefined) return 'observer'
  const producers = new Set(node.ledger.headState().term.producers.map(({ address }) => address))
  if (producers.has(delegate)) return 'producer'
  const others = ranking.filter((candidate) => !producers.has(candidate.delegate))
  const place = others.findIndex((candidate) => candidate.delegate === delegate)
  // As many backups as there are seats stand ready, in order of rank.
  return place >= 0 && place < producers.size ? 'backup' : 'candidate'
}

async function recentSlots(operated: OperatedNode, delegate: Address): Promise<OperatorStatusView['recentSlots']> {
  const { api } = operated.node
  const found: OperatorStatusView['recentSlots'][number][] = []
  const latest = (await api.round('latest'))?.number ?? 0n
  for (let number = latest; number > latest - MAX_ROUNDS && number > 0n; number -= 1n) {
    const round = await api.round(number)
    if (round === undefined) break
    for (const slot of [...round.slots].reverse()) {
      if (slot.producer !== delegate || (slot.state !== 'produced' && slot.state !== 'missed')) continue
      found.push({
        slot: slot.slot.toString(),
        timeMs: slot.timeMs,
        round: number.toString(),
        state: slot.state,
        height: slot.height?.toString() ?? null,
        reason: slot.reason ?? null,
      })
    }
    if (found.length >= MAX_SLOTS) break
  }
  return found.slice(0, MAX_SLOTS)
}

function nextSlotMs(round: RoundRecord | undefined, delegate: Address, nowMs: number): number | null {
  const next = round?.slots.find(({ producer, timeMs }) => producer === delegate && timeMs > nowMs)
  return next?.timeMs ?? null
}

async function delegateOf(
  operated: OperatedNode,
  ranking: readonly Candidate[],
): Promise<OperatorStatusView['delegate']> {
  const { delegate: address, node, keySource } = operated
  if (address === undefined) return null
  const view = producerViews(node.ledger.headState()).find((one) => one.address === address)
  const record = (await node.api.delegates()).find((one) => one.address === address)
  const last = node.signer?.last()
  return {
    address,
    name: ranking.find((candidate) => candidate.delegate === address)?.name ?? '',
    inRotation: view?.inRotation ?? false,
    produced: Number(record?.produced ?? 0n),
    missed: Number(record?.missed ?? 0n),
    excludedUntilMs: record?.excludedUntilMs ?? null,
    failures: view?.failures ?? 0,
    lastSigned: last === undefined ? null : { slot: last.slot.toString(), height: last.height.toString() },
    keySource,
    nextSlotAtMs: nextSlotMs(await node.api.round('latest'), address, node.api.status().nowMs),
    watching: node.keyWatch?.state === 'watching',
  }
}

/** What a node tells its operator, put together from its parts when asked. */
export function createNodeOperator(options: OperatorOptions): OperatorPort {
  const startedAtMs = Date.now()
  const rankings = new Map<Address | undefined, Ranking>()
  const rankingOf = (operated: OperatedNode): Ranking => {
    const found = rankings.get(operated.delegate) ?? new Ranking(operated)
    rankings.set(operated.delegate, found)
    return found
  }
  const folderSize = createFolderSize()
  const infoOf = (operated: OperatedNode): NodeInfoView => {
    const { version, network, chainId, genesisHash, nowMs, engines, nodes } = operated.node.api.status()
    const { state, height, targetHeight, reason } = operated.sync()
    const clockOffsetMs = options.clockOffsetMs()
    const { running, signal, installed } = operated.node.collection()
    return {
      version,
      network,
      chainId,
      genesisHash,
      startedAtMs,
      nowMs,
      delegate: operated.delegate ?? null,
      role: roleOf(operated, rankingOf(operated).latest()),
      peers: nodes - 1,
      sync: {
        state,
        height: height.toString(),
        targetHeight: targetHeight.toString(),
        ...(reason === undefined ? {} : { reason }),
      },
      clockOffsetMs,
      engines,
      collection: { running, signal: signal ?? null, installed },
      platform: `node ${process.version} ${platform()} ${arch()}`,
    }
  }
  return {
    nodeId: options.nodeId,
    info: () => infoOf(options.open),
    isOperator: (address) => options.isOperator(address),
    async status(operator) {
      const operated = options.nodeOf(operator)
      const ranking = await rankingOf(operated).fresh()
      const delegate = await delegateOf(operated, ranking)
      const { rss, heapUsed } = process.memoryUsage()
      return {
        info: infoOf(operated),
        delegate,
        recentSlots: delegate === null ? [] : await recentSlots(operated, delegate.address),
        peers: options.peers(),
        bans: options.bans(),
        disk: await diskOf(options.dataDir, folderSize),
        memory: { rssBytes: rss, heapBytes: heapUsed },
        clock: { offsetMs: options.clockOffsetMs() },
        warnings: options.warnings(operator),
      }
    },
    trace(operator, action) {
      const { trace } = options.nodeOf(operator).node
      if (action === 'stop') return trace.stop()
      trace.start()
      return { spans: [], dropped: 0 }
    },
    logs: (wanted) => options.ring?.newest(wanted) ?? [],
  }
}

async function diskOf(
  dataDir: string | undefined,
  sizeOf: (folder: string) => Promise<number>,
): Promise<OperatorStatusView['disk']> {
  if (dataDir === undefined) return { usedBytes: 0, freeBytes: 0 }
  const [usedBytes, { bavail, bsize }] = await Promise.all([sizeOf(dataDir), statfs(dataDir)])
  return { usedBytes, freeBytes: bavail * bsize }
}
