import type { WeightPointView } from '@aelf/governance/domain'
import { scaleLinear } from 'd3-scale'
import { area, curveStepAfter, line } from 'd3-shape'
import { formatAmountShort, UNITS_PER_ELF } from '#ui/number/format.ts'
import { Time } from '#ui/time/time.tsx'

const AXIS_TICKS = 4

/** Votes over time against today's cut-line; drawn on the server, with a table twin below. */
export function WeightHistory({ points, cutLine }: { points: readonly WeightPointView[]; cutLine: bigint }) {
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined || points.length < 2) {
    return <p className="text-sm text-ink-3">The history starts with the second change of this delegate’s votes.</p>
  }
  const summary = `Votes went from ${formatAmountShort(first.weight)} to ${formatAmountShort(last.weight)}; the cut-line is at ${formatAmountShort(cutLine)}.`
  return (
    <figure>
      <Plot points={points} first={first} last={last} cutLine={cutLine} summary={summary} />
      <figcaption className="mt-1 flex justify-between text-xs text-ink-3">
        <Time at={first.timeMs} mode="day" />
        <Time at={last.timeMs} mode="day" />
      </figcaption>
      <p className="mt-2 text-sm text-ink-2">{summary}</p>
      <details className="mt-2 text-sm">
        <summary className="inline-flex min-h-6 items-center text-ink-3 hover:text-ink">As a table</summary>
        <div className="mt-2 max-h-64 overflow-y-auto" role="region" aria-label="Votes over time" tabIndex={0}>
          <table className="w-full text-start">
            <thead>
              <tr className="text-ink-3">
                <th scope="col" className="py-1 text-start font-medium">
                  Block
                </th>
                <th scope="col" className="text-start font-medium">
                  Time
                </th>
                <th scope="col" className="text-end font-medium">
                  Votes
                </th>
                <th scope="col" className="text-end font-medium">
                  Voters
                </th>
              </tr>
            </thead>
            <tbody className="num">
              {points.map((point) => (
                <tr key={`${point.height}-${point.weight}`}>
                  <td className="py-0.5">{point.height.toString()}</td>
                  <td>
                    <Time at={point.timeMs} />
                  </td>
                  <td className="text-end">{formatAmountShort(point.weight)}</td>
                  <td className="text-end">{point.voters}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}

interface PlotProps {
  points: readonly WeightPointView[]
  first: WeightPointView
  last: WeightPointView
  cutLine: bigint
  summary: string
}

/** Coordinates are per cent of the box: lines stretch with the page, labels keep their size. */
function Plot({ points, first, last, cutLine, summary }: PlotProps) {
  const value = (weight: bigint) => Number(weight / UNITS_PER_ELF)
  const top = Math.max(value(cutLine), ...points.map((point) => value(point.weight)), 1) * 1.1
  const x = scaleLinear([first.timeMs, Math.max(last.timeMs, first.timeMs + 1)], [0, 100])
  const y = scaleLinear([0, top], [100, 0])
  const shape = area<WeightPointView>(
    (point) => x(point.timeMs),
    y(0),
    (point) => y(value(point.weight)),
  ).curve(curveStepAfter)
  const edge = line<WeightPointView>(
    (point) => x(point.timeMs),
    (point) => y(value(point.weight)),
  ).curve(curveStepAfter)
  return (
    <div role="img" aria-label={summary} className="relative ms-12 mt-2 h-44">
      {y.ticks(AXIS_TICKS).map((tick) => (
        <div
          key={tick}
          aria-hidden="true"
          className="absolute inset-x-0 border-t border-line"
          style={{ top: `${y(tick)}%` }}
        >
          <span className="num absolute end-full me-2 -translate-y-1/2 text-xs text-ink-3">
            {formatAmountShort(BigInt(Math.round(tick)) * UNITS_PER_ELF)}
          </span>
        </div>
      ))}
      <svg
        aria-hidden="true"
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        className="absolute inset-0 size-full overflow-visible"
      >
        <path d={shape([...points]) ?? ''} fill="var(--brand-soft)" />
        <path
          d={edge([...points]) ?? ''}
          fill="none"
          stroke="var(--brand)"
          strokeWidth="2"
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div
        aria-hidden="true"
        className="absolute inset-x-0 border-t-2 border-dashed border-ink-3"
        style={{ top: `${y(value(cutLine))}%` }}
      >
        <span className="absolute end-0 bottom-0.5 rounded bg-surface/80 px-1 text-xs text-ink-2">cut-line</span>
      </div>
    </div>
  )
}
