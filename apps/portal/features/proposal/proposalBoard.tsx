import type { ProposalSummary } from '@aelf/governance/domain'
import { Link } from '#ui/link.tsx'
import { Time } from '#ui/time/time.tsx'
import { AdoptionBar } from './adoptionBar.tsx'
import { StatusBadge } from './statusBadge.tsx'

const PERIODS: readonly { title: string; holds: (proposal: ProposalSummary, nowMs: number) => boolean }[] = [
  {
    title: 'Ends within two days',
    holds: ({ status, endsAtMs }, nowMs) => status === 'open' && endsAtMs - nowMs <= 172_800_000,
  },
  {
    title: 'Open for choices',
    holds: ({ status, endsAtMs }, nowMs) => status === 'open' && endsAtMs - nowMs > 172_800_000,
  },
  { title: 'Approved', holds: ({ status }) => status === 'approved' },
  { title: 'Closed without approval', holds: ({ status }) => !['open', 'approved'].includes(status) },
]

/** Proposals by the period they are in; periods without any are left out. */
export function ProposalBoard({ proposals, nowMs }: { proposals: readonly ProposalSummary[]; nowMs: number }) {
  return (
    <div className="grid grid-cols-1 gap-8">
      {PERIODS.map(({ title, holds }) => ({ title, inside: proposals.filter((one) => holds(one, nowMs)) }))
        .filter(({ inside }) => inside.length > 0)
        .map(({ title, inside }) => (
          <section key={title} aria-label={title}>
            <h2 className="mb-3 text-base font-semibold">{title}</h2>
            <ul className="grid grid-cols-1 gap-4 lg:grid-cols-2">
              {inside.map((proposal) => (
                <ProposalCard key={proposal.id} proposal={proposal} />
              ))}
            </ul>
          </section>
        ))}
    </div>
  )
}

function ProposalCard({ proposal }: { proposal: ProposalSummary }) {
  const { id, title, status, endsAtMs, closedAtMs, reviews, talk } = proposal
  return (
    <li className="panel flex min-w-0 flex-col gap-4 p-5">
      <div className="flex items-start justify-between gap-3">
        <h3 className="min-w-0 font-semibold [overflow-wrap:anywhere]">
          <Link href={`/proposals/${id}`} className="hover:underline" translate="no">
            {title}
          </Link>
        </h3>
        <StatusBadge status={status} />
      </div>
      <AdoptionBar counts={proposal} />
      <p className="mt-auto flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-3">
        <span>
          <span>{status === 'open' ? 'Ends ' : status === 'expired' ? 'Ended ' : 'Closed '}</span>
          <Time at={status === 'open' || status === 'expired' ? endsAtMs : (closedAtMs ?? endsAtMs)} />
        </span>
        <span>{reviews === 1 ? '1 review' : `${reviews} reviews`}</span>
        {talk === undefined ? null : (
          <span>
            <span>{talk.comments === 1 ? '1 comment ' : `${talk.comments} comments, the newest `}</span>
            <Time at={talk.newestAtMs} />
          </span>
        )}
      </p>
    </li>
  )
}
