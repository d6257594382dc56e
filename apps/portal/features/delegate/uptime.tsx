import type { PerformanceView } from '@aelf/governance/domain'
import { cn } from '#ui/cn.ts'
import { formatBasisPoints, formatInteger } from '#ui/number/format.ts'

/** Blocks made of slots given; without a slot yet there is no percentage, and that is said. */
export function Uptime({ performance, detailed = false }: { performance: PerformanceView; detailed?: boolean }) {
  if (performance.uptimeBps === undefined) return <span className="text-ink-3">no slot yet</span>
  const weak = performance.uptimeBps < 9500
  return (
    <span className="num whitespace-nowrap">
      <span className={cn('font-medium', weak && 'text-oppose')}>{formatBasisPoints(performance.uptimeBps)}</span>
      {detailed || performance.missed > 0 ? (
        <span className="ms-1.5 text-xs text-ink-3">{`${formatInteger(performance.missed)} missed`}</span>
      ) : null}
    </span>
  )
}
