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

/** Answers `aelf_getDelegates`. */
export type DelegateLister = () => Promise<DelegateView[]>

/** Builds the lister; the ranking of a head is computed once, however many ask. */
export function createDelegateLister(node: NodePort): DelegateLister {
  let known: { readonly head: string; readonly ranking: Promise<readonly RankedCandidate[]> } | undefined
  const rankingAt = (head: string): Promise<readonly RankedCandidate[]> => {
    if (known?.head === head) return known.ranking
    const ranking = node.view({ contract: 'election', view: 'candidates', args: [] }) as Promise<
      readonly RankedCandidate[]
    >
    known = { head, ranking }
    // A failure is not worth remembering.
    ranking.catch(() => {
      known = undefined
    })
    return ranking
  }
  return async () => {
    const [ranking, records] = await Promise.all([rankingAt(node.status().headHash), node.delegates()])
    return join(ranking, records, node.status().nowMs)
  }
}

/** Joins the election's ranking with the record of production. Delegates without votes rank last; retired ones have rank 0. */
function join(ranking: readonly RankedCandidate[], records: readonly DelegateRecord[], nowMs: number): DelegateView[] {
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
    return view({ candidate, record, rank: index + 1, isBackup }, nowMs)
  })
  const unranked = [...recordOf.values()].map((record) =>
    view(
      {
        candidate: { delegate: record.address, name: '', url: '', commissionBps: 0, weight: 0n },
        record,
        rank: 0,
        isBackup: false,
      },
      nowMs,
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
