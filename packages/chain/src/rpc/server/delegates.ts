import type { DelegateView } from '#rpc/routes'
import type { DelegateRecord, NodePort } from './ports.ts'

/** What the election contract's view `candidates` says about one of them, heaviest first. */
interface RankedCandidate {
  readonly delegate: DelegateView['address']
  readonly name: string
  readonly url: string
  readonly commissionBps: number
  readonly weight: bigint
}

/** Joins the election's ranking with the record of production. Delegates without votes rank last; retired ones have rank 0. */
export async function delegatesOf(node: NodePort): Promise<DelegateView[]> {
  const [ranking, records] = await Promise.all([
    node.view({ contract: 'election', view: 'candidates', args: [] }) as Promise<readonly RankedCandidate[]>,
    node.delegates(),
  ])
  const recordOf = new Map(records.map((record) => [record.address, record]))
  const seats = records.filter(({ isProducer }) => isProducer).length
  let backups = 0
  const ranked = ranking.map((candidate, index) => {
    const record = recordOf.get(candidate.delegate)
    recordOf.delete(candidate.delegate)
    const isProducer = record?.isProducer ?? false
    // As many backups as there are seats stand ready, in order of rank.
    const isBackup = !isProducer && backups < seats
    if (isBackup) backups += 1
    return view({ candidate, record, rank: index + 1, isBackup }, node.status().nowMs)
  })
  const unranked = [...recordOf.values()].map((record) =>
    view(
      {
        candidate: { delegate: record.address, name: '', url: '', commissionBps: 0, weight: 0n },
        record,
        rank: 0,
        isBackup: false,
      },
      node.status().nowMs,
    ),
  )
  return [...ranked, ...unranked]
}

interface Standing {
  readonly candidate: RankedCandidate
  readonly record: DelegateRecord | undefined
  readonly rank: number
  readonly isBackup: boolean
}

function view({ candidate, record, rank, isBackup }: Standing, nowMs: number): DelegateView {
  const until = record?.excludedUntilMs
  const excluded = until !== undefined && until > nowMs
  const isProducer = record?.isProducer ?? false
  return {
    address: candidate.delegate,
    name: candidate.name,
    url: candidate.url,
    commissionBps: candidate.commissionBps,
    weight: candidate.weight.toString(),
    rank,
    isProducer,
    isBackup,
    produced: Number(record?.produced ?? 0n),
    missed: Number(record?.missed ?? 0n),
    status: statusOf({ paused: record?.paused ?? false, excluded, isProducer, isBackup, rank }),
    ...(excluded ? { excludedUntilMs: until } : {}),
  }
}

function statusOf(standing: {
  paused: boolean
  excluded: boolean
  isProducer: boolean
  isBackup: boolean
  rank: number
}): DelegateView['status'] {
  if (standing.paused) return 'paused'
  if (standing.excluded) return 'excluded'
  if (standing.isProducer) return 'producing'
  if (standing.rank === 0) return 'retired'
  return standing.isBackup ? 'backup' : 'candidate'
}
