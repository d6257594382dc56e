'use client'

import { useState } from 'react'
import { CheckedText } from './proposalText.tsx'

/** The text of a review, fetched when somebody opens it. */
export function ReviewText({ hash, kept }: { hash: `0x${string}`; kept: boolean }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="mt-2 text-sm" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="inline-flex min-h-6 items-center text-ink-2 hover:text-ink">
        {kept ? 'Text of the review' : 'Text of the review: not kept here'}
      </summary>
      {open ? (
        <div className="mt-2">
          <CheckedText hash={hash} kept={kept} what="review" />
        </div>
      ) : null}
    </details>
  )
}
