'use client'

import { useNow } from '#ui/time/clock.tsx'
import { Countdown, Time } from '#ui/time/time.tsx'

/** How much of the term has passed, and what happens at its end. */
export function TermProgress({
  term,
  startsAtMs,
  endsAtMs,
  seats,
}: {
  term: number
  startsAtMs: number
  endsAtMs: number
  seats: number
}) {
  const now = useNow()
  const share =
    endsAtMs > startsAtMs ? Math.min(100, Math.max(0, ((now - startsAtMs) / (endsAtMs - startsAtMs)) * 100)) : 0
  return (
    <div className="flex h-full flex-col justify-center">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-1">
        <div>
          <p className="eyebrow">{`Term ${term} ends in`}</p>
          <p className="num mt-1 text-4xl/none font-semibold tracking-tight sm:text-5xl/none">
            <Countdown until={endsAtMs} due="Next round" />
          </p>
        </div>
        <p className="max-w-[34ch] text-sm text-ink-2">
          <span>{`Votes in place then elect the ${seats} producers of term ${term + 1}.`}</span>
        </p>
      </div>
      <div
        className="mt-5 h-2 overflow-hidden rounded-full bg-sunken"
        role="progressbar"
        aria-label={`Term ${term} elapsed`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share)}
      >
        <div className="h-full rounded-full bg-brand transition-[width] duration-200" style={{ width: `${share}%` }} />
      </div>
      <div className="mt-2 flex justify-between gap-4 text-xs text-ink-3">
        <Time at={startsAtMs} mode="absolute" />
        <Time at={endsAtMs} mode="absolute" className="text-end" />
      </div>
    </div>
  )
}
