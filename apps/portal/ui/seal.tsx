import { BadgeCheck, CircleDashed, History, TriangleAlert } from 'lucide-react'
import { cn } from './cn.ts'

/** Who vouches for a figure: the server alone, this browser by proof, an old answer, or two sources that disagree. */
export type SealState = 'server' | 'verified' | 'stale' | 'conflict'

const SEALS = {
  server: {
    Icon: CircleDashed,
    text: 'Server says',
    help: 'Reported by the server’s index; not checked in this browser.',
    tone: 'text-ink-3',
  },
  verified: {
    Icon: BadgeCheck,
    text: 'Verified here',
    help: 'Checked in this browser against a proof from the chain.',
    tone: 'text-good',
  },
  stale: {
    Icon: History,
    text: 'Stale',
    help: 'The last answer is old; live updates have stopped.',
    tone: 'text-warn',
  },
  conflict: {
    Icon: TriangleAlert,
    text: 'Conflict',
    help: 'Two sources disagree about this figure.',
    tone: 'text-bad',
  },
} as const

/** One glyph, four states, always with words. */
export function Seal({
  state,
  height,
  compact = false,
  className,
}: {
  state: SealState
  height?: bigint | undefined
  compact?: boolean
  className?: string | undefined
}) {
  const { Icon, text, help, tone } = SEALS[state]
  const at = height === undefined ? '' : ` at block ${height.toLocaleString('en-US')}`
  return (
    <span
      className={cn('inline-flex items-center gap-1 text-xs font-medium whitespace-nowrap', tone, className)}
      title={`${help}${at === '' ? '' : ` Read${at}.`}`}
    >
      <Icon size={14} aria-hidden="true" strokeWidth={2.1} />
      <span className={compact ? 'sr-only' : undefined}>{`${text}${at}`}</span>
    </span>
  )
}
