import { type ProposalSummary, proposalOutlook } from '@aelf/governance/domain'
import { cn } from '#ui/cn.ts'

type Counts = Pick<ProposalSummary, 'electorate' | 'quorum' | 'adopted' | 'declined' | 'status'>

/** What is still missing, in words: the bar only repeats it. */
export function outlookText(counts: Counts): string {
  const { neededToAdopt, neededToDecline, undecided } = proposalOutlook(counts)
  if (counts.status === 'approved')
    return `${counts.adopted} of ${counts.electorate} adopted, ${counts.quorum} were needed`
  if (counts.status === 'rejected')
    return `${counts.declined} of ${counts.electorate} declined: ${counts.quorum} can’t adopt any more`
  if (counts.status !== 'open') return `${counts.adopted} of the ${counts.quorum} needed had adopted`
  return `${neededToAdopt} more to approve, ${neededToDecline} more to reject, ${undecided} undecided`
}

/** Adopted from the left, declined from the right, and the line that must be reached drawn through. */
export function AdoptionBar({ counts, tall = false }: { counts: Counts; tall?: boolean }) {
  const { electorate, quorum, adopted, declined } = counts
  const part = (count: number): string => `${(100 * count) / electorate}%`
  return (
    <div>
      <div
        role="img"
        aria-label={`${adopted} adopted, ${declined} declined of ${electorate}; ${quorum} approve`}
        className={cn('relative rounded-full bg-sunken ring-1 ring-line ring-inset', tall ? 'h-4' : 'h-2.5')}
      >
        <span className="absolute inset-y-0 start-0 rounded-s-full bg-support" style={{ width: part(adopted) }} />
        <span
          className="absolute inset-y-0 end-0 rounded-e-full bg-oppose [background-image:repeating-linear-gradient(45deg,transparent_0_3px,var(--surface)_3px_4.5px)]"
          style={{ width: part(declined) }}
        />
        <span className="absolute -inset-y-1 w-0.5 bg-ink" style={{ insetInlineStart: part(quorum) }} />
      </div>
      <p className={cn('text-sm text-ink-2', tall ? 'mt-3' : 'mt-2')}>{outlookText(counts)}</p>
    </div>
  )
}
