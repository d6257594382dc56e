import { cn } from '#ui/cn.ts'
import { formatAmount, formatAmountShort } from './format.ts'

/** A token amount in tabular digits; the short form keeps the exact figure in its title. */
export function Amount({
  units,
  symbol = 'ELF',
  short = false,
  className,
}: {
  units: bigint
  symbol?: string
  short?: boolean
  className?: string | undefined
}) {
  const exact = formatAmount(units)
  return (
    <span
      className={cn('num whitespace-nowrap', className)}
      title={short ? `${exact} ${symbol}` : undefined}
      translate="no"
    >
      <span>{short ? formatAmountShort(units) : exact}</span>
      <span className="ms-1 text-[0.85em] font-normal text-ink-3">{symbol}</span>
    </span>
  )
}

/** Voting weight: amount times lock multiplier, so it is votes, not tokens. */
export function Weight({ units, className }: { units: bigint; className?: string | undefined }) {
  return (
    <span className={cn('num whitespace-nowrap', className)} title={`${formatAmount(units)} votes`} translate="no">
      {formatAmountShort(units)}
    </span>
  )
}
