import { LOCK_DAYS_MAX, LOCK_DAYS_MIN } from '@aelf/governance/domain'
import { scaleLinear } from 'd3-scale'
import { area, line } from 'd3-shape'

type Point = readonly [days: number, multiplier: number]

/** The plot is drawn in per cent of its box, so lines stretch with the page while labels keep their size. */
const x = scaleLinear([LOCK_DAYS_MIN, LOCK_DAYS_MAX], [0, 100])
const y = scaleLinear([0, 4.4], [100, 0])
const START: Point = [LOCK_DAYS_MIN, 1]
const END: Point = [LOCK_DAYS_MAX, 4]
const edge = line<Point>(
  (point) => x(point[0]),
  (point) => y(point[1]),
)
const under = area<Point>(
  (point) => x(point[0]),
  y(0),
  (point) => y(point[1]),
)
const TICKS = [1, 2, 3, 4] as const

/** The lock multiplier as a function of days, straight from 1.00 to 4.00, with the chosen point on it. */
export function LockCurve({ days }: { days: number }) {
  const multiplier = 1 + (3 * (days - LOCK_DAYS_MIN)) / (LOCK_DAYS_MAX - LOCK_DAYS_MIN)
  const at: Point = [days, multiplier]
  const label = `A lock of ${days} days multiplies your votes by ${multiplier.toFixed(2)}. The multiplier rises evenly from 1.00 at 90 days to 4.00 at 1,080 days.`
  const shift = x(days) > 85 ? '-100%' : x(days) < 12 ? '0%' : '-50%'
  return (
    <div role="img" aria-label={label} className="relative ms-8 me-3 h-36">
      {TICKS.map((tick) => (
        <div
          key={tick}
          aria-hidden="true"
          className="absolute inset-x-0 border-t border-line"
          style={{ top: `${y(tick)}%` }}
        >
          <span className="num absolute end-full me-2 -translate-y-1/2 text-xs text-ink-3">{`×${tick}`}</span>
        </div>
      ))}
      <svg
        aria-hidden="true"
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        className="absolute inset-0 size-full overflow-visible"
      >
        <path d={under([START, at]) ?? ''} fill="var(--brand-soft)" />
        <g fill="none" strokeLinecap="round" strokeWidth="2.5">
          <path
            d={edge([START, END]) ?? ''}
            stroke="var(--brand-line)"
            strokeDasharray="1 6"
            vectorEffect="non-scaling-stroke"
          />
          <path d={edge([START, at]) ?? ''} stroke="var(--brand)" vectorEffect="non-scaling-stroke" />
        </g>
      </svg>
      <span
        aria-hidden="true"
        className="absolute border-s border-dashed border-brand"
        style={{ left: `${x(days)}%`, top: `${y(multiplier)}%`, bottom: 0 }}
      />
      <span
        aria-hidden="true"
        className="absolute size-3.5 -translate-1/2 rounded-full border-2 border-surface bg-brand"
        style={{ left: `${x(days)}%`, top: `${y(multiplier)}%` }}
      />
      <span
        aria-hidden="true"
        className="num absolute text-sm font-semibold whitespace-nowrap"
        style={{ left: `${x(days)}%`, top: `${y(multiplier)}%`, translate: `${shift} -1.9rem` }}
      >
        {`× ${multiplier.toFixed(2)}`}
      </span>
    </div>
  )
}
