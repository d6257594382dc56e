import type { ChainInfo } from '@aelf/chain/rpc'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import {
  type CheckpointRow,
  chainTotals,
  countChecks,
  findBlock,
  findTerm,
  type IndexSignal,
  latestAudits,
  listBlocks,
  missedInLastRound,
  recentThroughput,
} from '#db'
import type { BlockSummary, LiveEvent, PulseView, StatusView } from '#domain'
import { ageAt, checkpointOf } from '../age.ts'
import type { TrpcContext } from '../context.ts'
import { getHealth } from '../health.ts'
import { procedure, router } from '../init.ts'
import { requireCheckpoint } from '../standings.ts'
import type { NetworkRecord, RouterOf } from '../surface.ts'

const WINDOW_BLOCKS = 100
const TTL_MS = 60_000
const CATCHING_UP_BLOCKS = 10n
const STOPPED_AFTER_MS = 60_000
const SIGNALS_KEPT_MAX = 64

interface HeadFacts {
  readonly head: BlockSummary
  readonly checkpoint: CheckpointRow
}

async function headOf(ctx: TrpcContext): Promise<HeadFacts> {
  const checkpoint = requireCheckpoint(await checkpointOf(ctx))
  const [head] = await listBlocks(ctx.database, { below: checkpoint.height + 1n, limit: 1 }, checkpoint.finalizedHeight)
  return { checkpoint: requireCheckpoint(head === undefined ? undefined : checkpoint), head: head as BlockSummary }
}

/** Where the chain is: as the node says, or as the index knows when the node is away. */
function positionOf(info: ChainInfo | undefined, { head, checkpoint }: HeadFacts, now: number) {
  if (info === undefined) {
    const { height, hash, finalizedHeight, prevotedHeight } = checkpoint
    return {
      height,
      headHash: hash,
      headSlot: head.slot,
      headTimeMs: head.timeMs,
      prevotedHeight,
      finalizedHeight,
      round: head.round,
      chainNowMs: now,
    }
  }
  return {
    height: BigInt(info.height),
    headHash: info.headHash,
    headSlot: BigInt(info.headSlot),
    headTimeMs: info.genesisTimeMs + Number(info.headSlot) * info.slotMs,
    prevotedHeight: BigInt(info.prevotedHeight),
    finalizedHeight: BigInt(info.finalizedHeight),
    round: Number(info.round),
    chainNowMs: info.nowMs,
  }
}

async function getPulse(ctx: TrpcContext): Promise<PulseView> {
  const facts = await headOf(ctx)
  const { checkpoint, head } = facts
  const byHead = <T>(name: string, work: () => Promise<T>): Promise<T> =>
    ctx.memory.remember(`${name} ${checkpoint.hash}`, TTL_MS, work)
  const [info, node, round, term, recent, totals, missed, genesis, asOf] = await Promise.all([
    ctx.node.info(),
    ctx.node.health(),
    ctx.node.round('latest'),
    byHead('term', () => findTerm(ctx.database, undefined)),
    byHead('throughput', () => recentThroughput(ctx.database, WINDOW_BLOCKS)),
    byHead('totals', () => chainTotals(ctx.database)),
    byHead('missed', () => missedInLastRound(ctx.database)),
    byHead('genesis', () => ctx.database.prisma.block.findUnique({ where: { height: 0n }, select: { timeMs: true } })),
    ageAt(ctx, checkpoint),
  ])
  const position = positionOf(info, facts, ctx.now())
  const total = term?.producers.length ?? 0
  const members = new Set(term?.producers.map((producer) => producer.address))
  const excluded = round?.excluded.filter((entry) => members.has(entry.address)).length ?? 0
  const termStartsAtMs = term?.startsAtMs ?? 0
  const termEndsAtMs = info?.termEndsAtMs ?? term?.endsAtMs ?? 0
  return {
    ...position,
    network: info?.network ?? '',
    chainId: info?.chainId ?? 0,
    genesisHash: checkpoint.genesisHash,
    genesisTimeMs: info?.genesisTimeMs ?? Number(genesis?.timeMs ?? 0),
    slotMs: info?.slotMs ?? 0,
    devnet: info?.devnet ?? false,
    headAgeMs: Math.max(0, position.chainNowMs - position.headTimeMs),
    term: info?.term ?? head.term,
    termStartsAtMs,
    termEndsAtMs,
    termSeconds: info?.termSeconds ?? Math.round((termEndsAtMs - termStartsAtMs) / 1_000),
    producers: { active: total - excluded, total, excluded },
    missedLastRound: missed,
    throughput: {
      blocks: recent.blocks,
      transactions: recent.transactions,
      perSecond: recent.seconds > 0 ? recent.transactions / recent.seconds : 0,
    },
    totalTransactions: totals.transactions,
    totalLocked: totals.locked,
    voters: totals.voters,
    node,
    asOf,
  }
}

async function getStatus(ctx: TrpcContext): Promise<StatusView> {
  const startedAt = ctx.now()
  const checkpoint = await checkpointOf(ctx)
  const latencyMs = ctx.now() - startedAt
  const [node, audits, queues, archives, asOf] = await Promise.all([
    ctx.node.health(),
    latestAudits(ctx.database),
    ctx.queues(),
    countChecks(ctx.database, ctx.now()),
    ageAt(ctx, checkpoint),
  ])
  return {
    node,
    database: { ok: true, latencyMs, detail: 'The database answers' },
    indexer: {
      state: indexerState(checkpoint, asOf.behind, ctx.now()),
      reorganisations: checkpoint?.reorganisations ?? 0,
      deepestReorganisation: checkpoint?.deepestReorganisation ?? 0,
      ...(checkpoint === undefined ? {} : { height: checkpoint.height, updatedAtMs: checkpoint.updatedAtMs }),
      ...(asOf.behind === undefined ? {} : { behind: asOf.behind }),
      ...(checkpoint?.lastError == null ? {} : { lastError: checkpoint.lastError }),
    },
    queues: [...queues, archives],
    audits,
    asOf,
  }
}

function indexerState(
  checkpoint: CheckpointRow | undefined,
  behind: bigint | undefined,
  now: number,
): StatusView['indexer']['state'] {
  if (checkpoint === undefined) return 'empty'
  if (behind !== undefined && behind > 0n && now - checkpoint.updatedAtMs > STOPPED_AFTER_MS) return 'stopped'
  return behind !== undefined && behind > CATCHING_UP_BLOCKS ? 'catching-up' : 'live'
}

const liveInput = z.object({ lastEventId: z.string().max(100).nullish() }).optional()
const idOf = ({ checkpoint }: HeadFacts): string =>
  `${checkpoint.height}-${checkpoint.hash.slice(0, 18)}-${checkpoint.finalizedHeight}`

/** Signals that came while an event was being sent; newer ones say all that older ones did, except for what was taken back. */
function createMailbox(ctx: TrpcContext, signal: AbortSignal | undefined) {
  const waiting: (IndexSignal | undefined)[] = []
  let wake: (() => void) | undefined
  const stop = ctx.feed.listen((message) => {
    waiting.push(message)
    if (waiting.length > SIGNALS_KEPT_MAX) waiting.shift()
    wake?.()
  })
  signal?.addEventListener('abort', () => wake?.(), { once: true })
  return {
    stop,
    take: async (): Promise<(IndexSignal | undefined)[]> => {
      if (waiting.length === 0 && signal?.aborted !== true)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      wake = undefined
      return waiting.splice(0)
    },
  }
}

/** True when the head of before is no longer part of the chain. */
async function isTakenBack(ctx: TrpcContext, before: HeadFacts | undefined, after: HeadFacts): Promise<boolean> {
  if (before === undefined || before.head.hash === after.head.hash) return false
  return (await findBlock(ctx.database, { hash: before.head.hash }, after.checkpoint)) === undefined
}

function changesBetween(before: HeadFacts | undefined, after: HeadFacts): LiveEvent['changed'] {
  const changed: LiveEvent['changed'][number][] = []
  if (before?.head.hash !== after.head.hash) changed.push('head')
  if (before?.head.round !== after.head.round) changed.push('round')
  if (before?.head.term !== after.head.term) changed.push('term')
  if (before?.checkpoint.finalizedHeight !== after.checkpoint.finalizedHeight) changed.push('finalized')
  return changed
}

const eventOf = (
  { head, checkpoint }: HeadFacts,
  changed: LiveEvent['changed'],
  commonHeight: bigint | undefined,
): LiveEvent => ({
  changed,
  head,
  round: head.round,
  term: head.term,
  prevotedHeight: checkpoint.prevotedHeight,
  finalizedHeight: checkpoint.finalizedHeight,
  ...(commonHeight === undefined ? {} : { commonHeight }),
})

export const networkRouter: RouterOf<NetworkRecord> = router({
  pulse: procedure.query(({ ctx }) => getPulse(ctx)),
  status: procedure.query(({ ctx }) => getStatus(ctx)),
  health: procedure.query(({ ctx }) => getHealth(ctx)),
  /** First the present state, unless the client has it, then one event a change. */
  live: procedure.input(liveInput).subscription(async function* ({ ctx, input, signal }) {
    const mailbox = createMailbox(ctx, signal)
    try {
      let before: HeadFacts | undefined
      let messages: (IndexSignal | undefined)[] = []
      while (signal?.aborted !== true) {
        const after = await headOf(ctx)
        const common = messages
          .map((message) => message?.commonHeight)
          .filter((height) => height !== undefined)
          .map(BigInt)
        const commonHeight =
          common.length === 0 ? undefined : common.reduce((lowest, height) => (height < lowest ? height : lowest))
        const isReorganised = await isTakenBack(ctx, before, after)
        const changed = [...(isReorganised ? (['reorganised'] as const) : []), ...changesBetween(before, after)]
        const isKnown = before === undefined && input?.lastEventId === idOf(after)
        if (changed.length > 0 && !isKnown)
          yield tracked(idOf(after), eventOf(after, changed, isReorganised ? commonHeight : undefined))
        before = after
        messages = await mailbox.take()
      }
    } finally {
      mailbox.stop()
    }
  }),
})
