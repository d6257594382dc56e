import { checklistQuestions, type ReviewView } from '@aelf/governance/domain'
import { Check, Minus } from 'lucide-react'
import { Address } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'
import { ReviewText } from './reviewText.tsx'
import { VerdictBadge } from './statusBadge.tsx'

/** Signed reviews, each of exactly the proposed archive. */
export function Reviews({ reviews, kept }: { reviews: readonly ReviewView[]; kept: readonly string[] }) {
  return (
    <Panel
      id="reviews"
      title="Reviews"
      note="Signed by registered delegates for this archive; the chain takes no review of another"
      flush
    >
      {reviews.length === 0 ? (
        <EmptyState title="No delegate has reviewed it yet">Any registered delegate can.</EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {reviews.map((review) => (
            <Review key={review.reviewer} review={review} kept={kept} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Review({ review, kept }: { review: ReviewView; kept: readonly string[] }) {
  const { reviewer, name, verdict, checklist, reviewHash, timeMs, transactionId } = review
  const yes = checklist.filter(Boolean).length
  return (
    <li className="px-5 py-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Address address={reviewer} name={name} href={`/delegates/${reviewer}`} />
        <VerdictBadge verdict={verdict} />
        <Link href={`/explorer/txs/${transactionId}`} className="link ms-auto text-sm">
          <Time at={timeMs} />
        </Link>
      </div>
      <details className="mt-2 text-sm">
        <summary className="inline-flex min-h-6 items-center text-ink-2 hover:text-ink">
          {`${yes} of ${checklist.length} points of the checklist`}
        </summary>
        <ul className="mt-2 grid gap-1">
          {checklistQuestions.map((question, index) => (
            <li key={question} className="flex items-start gap-2">
              {checklist[index] === true ? (
                <Check size={16} className="mt-0.5 shrink-0 text-good" aria-label="Yes:" />
              ) : (
                <Minus size={16} className="mt-0.5 shrink-0 text-ink-3" aria-label="Not stated:" />
              )}
              <span>{question}</span>
            </li>
          ))}
        </ul>
      </details>
      {reviewHash === undefined ? null : (
        <ReviewText key={reviewHash} hash={reviewHash} kept={kept.includes(reviewHash)} />
      )}
    </li>
  )
}
