'use client'

import { cn } from '#ui/cn.ts'
import { useInBrowser, useNow } from './clock.tsx'
import { formatAbsolute, formatDay, formatDuration, formatRelative } from './format.ts'

type Mode = 'relative' | 'absolute' | 'both' | 'day'

/** A moment: relative to chain time, absolute in the reader's zone (UTC until the page is live), or both. */
export function Time({
  at,
  mode = 'relative',
  className,
}: {
  at: number
  mode?: Mode
  className?: string | undefined
}) {
  const inBrowser = useInBrowser()
  const zone = inBrowser ? undefined : 'UTC'
  const absolute = mode === 'day' ? formatDay(at, zone) : formatAbsolute(at, zone)
  return (
    <time dateTime={new Date(at).toISOString()} title={absolute} className={cn('num', className)}>
      {mode === 'relative' || mode === 'both' ? <Relative at={at} /> : <span>{absolute}</span>}
      {mode === 'both' ? <span className="text-ink-3">{` · ${absolute}`}</span> : null}
    </time>
  )
}

function Relative({ at }: { at: number }) {
  const now = useNow()
  return <span className="whitespace-nowrap">{formatRelative(at, now)}</span>
}

/** Time left until a moment, counted every second; says `due` once it has passed. */
export function Countdown({
  until,
  className,
  due = 'due',
}: {
  until: number
  className?: string | undefined
  due?: string
}) {
  const now = useNow()
  return (
    <span className={cn('num whitespace-nowrap', className)}>{until <= now ? due : formatDuration(until - now)}</span>
  )
}
