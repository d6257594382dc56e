import { LOCK_DAYS_MAX, LOCK_DAYS_MIN } from '@aelf/governance/domain'
import { scaleLinear } from 'd3-scale'
import { area, line } from 'd3-shape'

const WIDTH = 560
const HEIGHT = 150
const PAD = { top: 26, right: 12, bottom: 20, left: 34 }
const ENDS: readonly (readonly [number, number])[] = [[LOCK_DAYS_MIN, 1], [LOCK_DAYS_MAX, 4]]

/** Horizontal insets of the plot, in per cent of its width, so that the slider below lines up with it. */
export const PLOT_START = (PAD.left / WIDTH) * 100
export const PLOT_END = (PAD.right / WIDTH) * 100

const x = scaleLinear([LOCK_DAYS_MIN, LOCK_DAYS_MAX], [PAD.left, WIDTH - PAD.right])
const y = scaleLinear([0, 4.2], [HEIGHT - PAD.bottom, PAD.top])
const edge = line<readonly [number, number]>((point) => x(point[0]), (point) => y(point[1]))
const under = (end: readonly [number, number]) => area<readonly [number, number]>((point) => x(point[0]), y(0), (point) => y(point[1]))([ENDS[0] ?? end, end]) ?? ''

/** The lock multiplier as a function of days, straight from 1.00 to 4.00, with the chosen point on it. */
export function LockCurve({ days }: { days: number }) {
  const multiplier = 1 + (3 * (days - LOCK_DAYS_MIN)) / (LOCK_DAYS_MAX - LOCK_DAYS_MIN)
  const at: readonly [number, number] = [days, multiplier]
  const labelAnchor = days > 900 ? 'end' : days < 200 ? 'start' : 'middle'
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`A lock of ${days} days multiplies your votes by ${multiplier.toFixed(2)}. The multiplier rises evenly from 1.00 at 90 days to 4.00 at 1,080 days.`} className="w-full overflow-visible">
      {[1, 2, 3, 4].map((tick) => (
        <g key={tick}>
          <line x1={PAD.left} x2={WIDTH - PAD.right} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
          <text x={PAD.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="middle" fontSize="12" fill="var(--ink-3)">{`×${tick}`}</text>
        </g>
      ))}
      <path d={under(at)} fill="var(--brand-soft)" />
      <path d={edge([...ENDS]) ?? ''} fill="none" stroke="var(--brand-line)" strokeWidth="2.5" strokeDasharray="1 6" strokeLinecap="round" />
      <path d={edge([ENDS[0] ?? at, at]) ?? ''} fill="none" stroke="var(--brand)" strokeWidth="2.5" strokeLinecap="round" />
      <line x1={x(days)} x2={x(days)} y1={y(multiplier)} y2={y(0)} stroke="var(--brand)" strokeWidth="1" strokeDasharray="3 3" />
      <circle cx={x(days)} cy={y(multiplier)} r="6" fill="var(--brand)" stroke="var(--surface)" strokeWidth="2.5" />
      <text x={x(days)} y={y(multiplier) - 13} textAnchor={labelAnchor} fontSize="14" fontWeight="600" fill="var(--ink)" className="num">{`× ${multiplier.toFixed(2)}`}</text>
    </svg>
  )
}
