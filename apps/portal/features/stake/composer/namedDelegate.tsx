import type { RankingView } from '@aelf/governance/domain'
import { shorten } from '#ui/identity/hash.tsx'
import { Identicon } from '#ui/identity/identicon.tsx'

/** Who an address in the signed sentence is, so that nobody has to compare forty digits from memory. */
export function NamedDelegate({ ranking, delegate }: { ranking: RankingView; delegate: string | undefined }) {
  const entry = ranking.entries.find((candidate) => candidate.address === delegate)
  if (entry === undefined) return null
  return (
    <span className="inline-flex items-center gap-2">
      <Identicon address={entry.address} size={20} />
      <span>
        <span className="font-mono text-xs" translate="no">
          {shorten(entry.address)}
        </span>
        <span> is registered as </span>
        <span className="font-medium text-ink" translate="no">
          {entry.name}
        </span>
      </span>
    </span>
  )
}
