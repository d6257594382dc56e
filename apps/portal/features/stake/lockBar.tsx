'use client'

import type { PositionView } from '@aelf/governance/domain'
import { cn } from '#ui/cn.ts'
import { useNow } from '#ui/time/clock.tsx'
import { Time } from '#ui/time/time.tsx'

/** How much of a lock has passed; its end as relative time with the date in the reader's zone behind it. */
export function LockBar({
  lockedAtMs,
  unlocksAtMs,
  state,
  tall = false,
}: Pick<PositionView, 'lockedAtMs' | 'unlocksAtMs' | 'state'> & { tall?: boolean }) {
  const now = useNow()
  const share =
    unlocksAtMs <= lockedAtMs
      ? 100
      : Math.min(100, Math.max(0, ((now - lockedAtMs) / (unlocksAtMs - lockedAtMs)) * 100))
  return (
    <span className="block min-w-32">
      <span className="block text-sm">
        {state === 'withdrawn' ? <span className="text-ink-3">withdrawn</span> : <Time at={unlocksAtMs} />}
      </span>
      <span
        aria-hidden="true"
        className={cn('mt-1 block overflow-hidden rounded-full bg-sunken', tall ? 'h-2.5' : 'h-1.5')}
      >
        <span
          className={cn('block h-full rounded-full', state === 'locked' ? 'bg-brand' : 'bg-good')}
          style={{ width: `${share}%` }}
        />
      </span>
    </span>
  )
}
