import type { UpgradeProposalView } from '@aelf/governance/domain'
import { StatusBadge } from '#features/proposal/statusBadge.tsx'
import { Hash } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'

/** A collection by its hash, with what proposes it. */
export const CollectionHash = ({ hash, linked = true }: { hash: string; linked?: boolean }) => (
  <Hash
    value={hash}
    href={linked ? `/upgrades/${hash}` : undefined}
    label="hash of the collection"
    head={14}
    tail={10}
  />
)

export function ProposalLinks({ proposals, none }: { proposals: readonly UpgradeProposalView[]; none: string }) {
  if (proposals.length === 0) return <span className="text-ink-2">{none}</span>
  return (
    <ul className="space-y-1">
      {proposals.map(({ id, title, status }) => (
        <li key={id} className="flex flex-wrap items-center gap-2">
          <Link href={`/proposals/${id}`} className="link [overflow-wrap:anywhere]" translate="no">
            {title}
          </Link>
          <StatusBadge status={status} />
        </li>
      ))}
    </ul>
  )
}
