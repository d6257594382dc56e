import {
  type CheckpointRow,
  collectionEvents,
  delegateNames,
  type EraRecord,
  findRule,
  findTerm,
  lastSignals,
  listEras,
  proposalsOfBundles,
  type RuleRecord,
  signalCountOf,
  signalCounts,
  signalHistory,
  signalStrip,
} from '#db'
import {
  type CandidateView,
  type EraView,
  type Hash,
  type NodePointView,
  type NodeReadiness,
  type ProducerReadiness,
  projectActivation,
  type SignalStripView,
  stripOf,
  type UpgradeProposalView,
  type UpgradesView,
  type UpgradeView,
  upgradeStage,
  usualGapMs,
} from '#domain'
import { ageAt, checkpointOf } from './age.ts'
import { chainNow } from './chainNow.ts'
import type { TrpcContext } from './context.ts'
import { ApiError } from './errors.ts'
import { toAddress } from './inputs.ts'
import { requireCheckpoint } from './standings.ts'

/** A strip needs two blocks to tell their pace; before that a slot of the whitepaper stands in. */
const GAP_MS = 4_000

type Proposals = ReadonlyMap<string, readonly UpgradeProposalView[]>

interface Standing {
  readonly checkpoint: CheckpointRow
  readonly record: RuleRecord
  /** Every block of the window, those of the former collection too. */
  readonly strip: Awaited<ReturnType<typeof signalStrip>>
  readonly eras: readonly EraRecord[]
}

async function standingOf(ctx: TrpcContext): Promise<Standing> {
  const checkpoint = requireCheckpoint(await checkpointOf(ctx))
  const record = await findRule(ctx.database)
  if (record === undefined) throw new ApiError('index.empty', 'No collection is indexed yet', 'Try again in a moment.')
  const { rule, hash, since } = record
  const [strip, eras] = await Promise.all([
    signalStrip(ctx.database, { window: rule.window, current: hash, since }),
    listEras(ctx.database),
  ])
  return { checkpoint, record, strip, eras }
}

function viewOf({ strip, record }: Standing, shown: Hash | undefined): SignalStripView {
  const blocks = strip.filter(({ counts }) => counts).map(({ counts: _, timeMs: __, ...view }) => view)
  return stripOf(blocks, record.rule.window, shown)
}

const eraView = (era: EraRecord, proposals: Proposals): EraView => ({
  ...era,
  proposals: proposals.get(era.hash) ?? [],
})

/** The one that runs: after an activation that was called off, the one before it. */
function currentEra({ eras, record }: Standing): EraRecord {
  const found = eras.find(({ hash, calledOff }) => hash === record.hash && !calledOff)
  return found ?? { hash: record.hash, since: record.since, calledOff: false }
}

async function candidateOf(
  ctx: TrpcContext,
  { record, checkpoint, strip }: Standing,
  proposals: Proposals,
): Promise<CandidateView | undefined> {
  const { candidate, rule } = record
  if (candidate === undefined) return undefined
  const [signals, locked] = await Promise.all([
    signalCountOf(ctx.database, candidate.hash),
    ctx.database.prisma.block.findUnique({ where: { height: candidate.lockedAt }, select: { timeMs: true } }),
  ])
  const gapMs = usualGapMs(strip.map(({ timeMs }) => timeMs)) ?? GAP_MS
  const at = { height: checkpoint.height, timeMs: checkpoint.timeMs, gapMs }
  return {
    ...candidate,
    lockedAtMs: Number(locked?.timeMs ?? checkpoint.timeMs),
    signals,
    projection: projectActivation(at, { confirmed: candidate.confirmed, confirm: rule.confirm }),
    proposals: proposals.get(candidate.hash) ?? [],
  }
}

export async function getUpgrades(ctx: TrpcContext): Promise<UpgradesView> {
  const standing = await standingOf(ctx)
  const { record, eras, checkpoint } = standing
  const [counts, nowMs] = await Promise.all([signalCounts(ctx.database), chainNow(ctx)])
  const named = [record.hash, record.candidate?.hash ?? '', ...eras.map(({ hash }) => hash)]
  const proposals = await proposalsOfBundles(ctx.database, [...named, ...counts.map(({ hash }) => hash)], nowMs)
  const candidate = await candidateOf(ctx, standing, proposals)
  return {
    rule: record.rule,
    current: eraView(currentEra(standing), proposals),
    ...(candidate === undefined ? {} : { candidate }),
    signalled: counts.map(({ hash, blocks }) => ({ hash, blocks, proposals: proposals.get(hash) ?? [] })),
    strip: viewOf(standing, record.candidate?.hash ?? counts[0]?.hash),
    eras: eras.map((era) => eraView(era, proposals)),
    asOf: await ageAt(ctx, checkpoint),
  }
}

function readinessOf(node: NodePointView, hash: Hash): NodeReadiness {
  const { name, version, delegate, collection } = node
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(delegate === undefined ? {} : { delegate }),
    ...(collection === undefined
      ? {}
      : {
          running: collection.running,
          installed: collection.running === hash || collection.installed.includes(hash),
          ...(collection.signal === undefined ? {} : { signal: collection.signal }),
        }),
  }
}

async function producersOf(ctx: TrpcContext, nodes: readonly NodeReadiness[]): Promise<readonly ProducerReadiness[]> {
  const term = await findTerm(ctx.database, undefined)
  const producers = term?.producers ?? []
  const last = await lastSignals(
    ctx.database,
    producers.map(({ address }) => address),
  )
  const names = await delegateNames(
    ctx.database.prisma,
    producers.map(({ address }) => address),
  )
  return producers.map(({ address }) => {
    const name = names.get(address)
    const lastBlock = last.get(address)
    const node = nodes.find(({ delegate }) => delegate === address)
    return {
      producer: toAddress(address),
      ...(name === undefined || name === '' ? {} : { name }),
      ...(lastBlock === undefined ? {} : { lastBlock }),
      ...(node === undefined ? {} : { node }),
    }
  })
}

export async function getUpgrade(ctx: TrpcContext, hash: Hash): Promise<UpgradeView> {
  const standing = await standingOf(ctx)
  const { record, checkpoint, eras } = standing
  const nowMs = await chainNow(ctx)
  const [blocks, signalled, log, proposals, asked] = await Promise.all([
    signalCountOf(ctx.database, hash),
    signalHistory(ctx.database, hash),
    collectionEvents(ctx.database, { hash }),
    proposalsOfBundles(ctx.database, [hash], nowMs),
    ctx.nodes(),
  ])
  const own = proposals.get(hash) ?? []
  const stage = upgradeStage({
    isCurrent: record.hash === hash,
    isCandidate: record.candidate?.hash === hash,
    blocks,
    hasHistory: log.length > 0 || signalled !== undefined,
    isProposed: own.length > 0,
  })
  if (stage === undefined)
    throw new ApiError('upgrade.notFound', `No block signals ${hash}, and no proposal asks for it`)
  const era = hash === record.hash ? currentEra(standing) : eras.find((one) => one.hash === hash)
  const answering = asked.nodes.filter(({ state }) => state === 'ok' || state === 'stalled')
  const nodes = answering.map((node) => readinessOf(node, hash))
  const candidate = stage === 'lockedIn' ? await candidateOf(ctx, standing, proposals) : undefined
  const producers = await producersOf(ctx, nodes)
  const placed = new Set(producers.flatMap(({ node }) => node?.name ?? []))
  return {
    hash,
    stage,
    rule: record.rule,
    blocks,
    strip: viewOf(standing, hash),
    ...(candidate === undefined ? {} : { candidate }),
    ...(era === undefined ? {} : { era: eraView(era, proposals) }),
    current: record.hash,
    ...(signalled === undefined ? {} : { signalled }),
    proposals: own,
    log: log.map(({ position: _, ...step }) => step),
    producers,
    nodes: nodes.filter(({ name }) => !placed.has(name)),
    asOf: await ageAt(ctx, checkpoint),
  }
}
