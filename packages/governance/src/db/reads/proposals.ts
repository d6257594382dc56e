import {
  checklistQuestions,
  type Hash,
  type ProposalEventKind,
  type ProposalEventView,
  type ProposalStatus,
  type ProposalSummary,
  type ProposalView,
  proposalStatusAt,
  proposalStatuses,
  type ReviewView,
  verdictOf,
} from '#domain'
import type { Database } from '../database.ts'
import type { Proposal, ProposalEvent } from '../generated/client.ts'
import { toAddress, toBigint, toHash } from './convert.ts'
import { delegateNames } from './names.ts'

/** More than any proposal can have: choices change, but each is paid for. The newest are shown. */
const LOG_MAX = 500

export interface ProposalQuery {
  readonly status?: ProposalStatus | undefined
  readonly below?: bigint | undefined
  readonly limit: number
  readonly nowMs: number
}

const summaryOf = (row: Proposal, nowMs: number): ProposalSummary => ({
  id: toHash(row.proposalId),
  title: row.title,
  author: toAddress(row.author),
  status: proposalStatusAt(row.status as ProposalStatus, Number(row.endsAtMs), nowMs),
  submittedHeight: row.submittedHeight,
  submittedAtMs: Number(row.submittedAtMs),
  endsAtMs: Number(row.endsAtMs),
  ...(row.closedAtMs === null ? {} : { closedAtMs: Number(row.closedAtMs) }),
  electorate: row.electorate,
  quorum: row.quorum,
  adopted: row.adopted,
  declined: row.declined,
  reviews: row.reviews,
})

/** By the chain's time: an open proposal whose time is over is among the expired ones. */
function statusFilter(status: ProposalStatus | undefined, nowMs: number): object {
  const now = BigInt(nowMs)
  if (status === 'open') return { status: 'open', endsAtMs: { gt: now } }
  if (status === 'expired') return { OR: [{ status: 'expired' }, { status: 'open', endsAtMs: { lte: now } }] }
  return status === undefined ? {} : { status }
}

/** Newest first; `below` is the order of the last one already known. */
export async function listProposals(
  { prisma }: Database,
  query: ProposalQuery,
): Promise<(ProposalSummary & { order: bigint })[]> {
  const { status, below, limit, nowMs } = query
  const rows = await prisma.proposal.findMany({
    where: { AND: [statusFilter(status, nowMs), below === undefined ? {} : { submittedOrder: { lt: below } }] },
    orderBy: { submittedOrder: 'desc' },
    take: limit,
  })
  return rows.map((row) => ({ ...summaryOf(row, nowMs), order: row.submittedOrder }))
}

export async function countProposals(
  { prisma }: Database,
  nowMs: number,
): Promise<Readonly<Record<ProposalStatus, number>>> {
  const counted = await Promise.all(
    proposalStatuses.map(
      async (status): Promise<[ProposalStatus, number]> => [
        status,
        await prisma.proposal.count({ where: statusFilter(status, nowMs) }),
      ],
    ),
  )
  return Object.fromEntries(counted) as Record<ProposalStatus, number>
}

/** Everything the index knows of a proposal. */
export async function findProposal(
  { prisma }: Database,
  id: Hash,
  nowMs: number,
): Promise<Omit<ProposalView, 'asOf' | 'voters' | 'nowMs'> | undefined> {
  const [row, events] = await Promise.all([
    prisma.proposal.findUnique({ where: { proposalId: id } }),
    prisma.proposalEvent.findMany({
      where: { proposalId: id },
      orderBy: [{ height: 'desc' }, { position: 'desc' }],
      take: LOG_MAX,
    }),
  ])
  if (row === null) return undefined
  const names = await delegateNames(
    prisma,
    events.map(({ actor }) => actor),
  )
  return {
    ...summaryOf(row, nowMs),
    textHash: toHash(row.textHash),
    archiveHash: toHash(row.archiveHash),
    archiveBytes: Number(row.archiveBytes),
    ...(row.bundleHash === null ? {} : { bundleHash: toHash(row.bundleHash) }),
    deposit: toBigint(row.deposit),
    reviewed: reviewsOf(events, names),
    log: events.map((event) => eventOf(event, names)),
  }
}

const nameOf = (names: ReadonlyMap<string, string>, actor: string): { name?: string } => {
  const name = names.get(actor)
  return name === undefined ? {} : { name }
}

function eventOf(event: ProposalEvent, names: ReadonlyMap<string, string>): ProposalEventView {
  const verdict = event.verdict === null ? undefined : verdictOf(event.verdict)
  return {
    kind: event.kind as ProposalEventKind,
    actor: toAddress(event.actor),
    ...nameOf(names, event.actor),
    adopted: event.adopted,
    declined: event.declined,
    ...(verdict === undefined ? {} : { verdict }),
    height: event.height,
    timeMs: Number(event.timeMs),
    transactionId: toHash(event.transactionId),
  }
}

/** The last review of each reviewer; events come newest first. */
function reviewsOf(events: readonly ProposalEvent[], names: ReadonlyMap<string, string>): ReviewView[] {
  const seen = new Set<string>()
  return events.flatMap((event): ReviewView[] => {
    const verdict = event.verdict === null ? undefined : verdictOf(event.verdict)
    if (event.kind !== 'reviewed' || verdict === undefined || seen.has(event.actor)) return []
    seen.add(event.actor)
    const bits = event.checklist ?? 0
    return [
      {
        reviewer: toAddress(event.actor),
        ...nameOf(names, event.actor),
        verdict,
        checklist: checklistQuestions.map((_, bit) => Math.floor(bits / 2 ** bit) % 2 === 1),
        ...(event.reviewHash === null ? {} : { reviewHash: toHash(event.reviewHash) }),
        timeMs: Number(event.timeMs),
        transactionId: toHash(event.transactionId),
      },
    ]
  })
}
