'use client'

import type { ReactNode } from 'react'
import { cn } from '#ui/cn.ts'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { useNow } from '#ui/time/clock.tsx'
import { formatDuration } from '#ui/time/format.ts'
import { Countdown } from '#ui/time/time.tsx'
import { type LiveState, useLive } from './provider.tsx'

/** The network in one line, on every page: height, round, time left in the term, finality, node health, age of the data. */
export function PulseLine() {
  const live = useLive()
  const height = live.height
  const behind = height === undefined || live.finalizedHeight === undefined ? undefined : height - live.finalizedHeight
  return (
    <div className="sticky top-0 z-30 border-b border-line bg-ground/95 backdrop-blur-sm no-print rail:top-0">
      <div
        className="mx-auto flex h-(--pulse-height) max-w-[78rem] items-center gap-x-5 overflow-x-auto px-4 text-[0.8125rem] [scrollbar-width:none] sm:px-6 rail:px-8"
        role="region"
        aria-label="Network pulse"
        tabIndex={0}
      >
        <Health live={live} />
        <Item label="Height">
          {height === undefined ? (
            '–'
          ) : (
            <Link href={`/explorer/blocks/${height}`} className="hover:underline">
              {formatInteger(height)}
            </Link>
          )}
        </Item>
        <Item label="Round">
          {live.round === undefined ? (
            '–'
          ) : (
            <Link href="/rounds" className="hover:underline">
              {formatInteger(live.round)}
            </Link>
          )}
        </Item>
        <Item label={live.term === undefined ? 'Term ends in' : `Term ${live.term} ends in`}>
          {live.termEndsAtMs === undefined ? '–' : <Countdown until={live.termEndsAtMs} due="next round" />}
        </Item>
        <Item label="Irreversible">{behind === undefined ? '–' : finalityWords(behind)}</Item>
      </div>
    </div>
  )
}

/** While the index catches up, what is irreversible on the chain is beyond the newest block it has. */
const finalityWords = (behind: bigint): string =>
  behind < 0n ? `${formatInteger(-behind)} ahead of the index` : `${formatInteger(behind)} behind head`

function Item({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="flex shrink-0 items-center gap-1.5 whitespace-nowrap">
      <span className="text-ink-3">{label}</span>
      <span className="num font-medium">{children}</span>
    </span>
  )
}

const STALE_SLOTS = 4

function Health({ live }: { live: LiveState }) {
  const now = useNow()
  const blockAge = live.headTimeMs === undefined ? undefined : now - live.headTimeMs
  const quiet = blockAge !== undefined && blockAge > Math.max(live.slotMs * STALE_SLOTS, 10_000)
  const { tone, text } = healthOf(live, quiet, blockAge)
  return (
    <Link
      href="/status"
      className={cn(
        'flex min-h-6 shrink-0 items-center gap-2 font-medium whitespace-nowrap',
        tone === 'good' ? 'text-good' : tone === 'bad' ? 'text-bad' : 'text-warn',
      )}
    >
      <span
        aria-hidden="true"
        className={cn('size-2 rounded-full bg-current', tone === 'good' && live.connection === 'live' && 'live-dot')}
      />
      <span>{text}</span>
    </Link>
  )
}

function healthOf(
  live: LiveState,
  quiet: boolean,
  blockAge: number | undefined,
): { tone: 'good' | 'warn' | 'bad'; text: string } {
  const age = blockAge === undefined ? '' : ` · ${formatDuration(blockAge)} old`
  if (live.height === undefined) return { tone: 'bad', text: 'No data yet' }
  if (live.node?.state === 'unreachable' && live.connection !== 'live')
    return { tone: 'bad', text: `Node unreachable${age}` }
  if (live.connection === 'stopped') return { tone: 'warn', text: `Updates stopped${age}` }
  if (quiet) return { tone: 'warn', text: `No new block${age}` }
  return { tone: 'good', text: live.connection === 'live' ? 'Live' : 'Up to date' }
}
