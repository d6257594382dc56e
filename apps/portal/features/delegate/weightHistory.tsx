import type { WeightPointView } from '@aelf/governance/domain'
import { scaleLinear } from 'd3-scale'
import { area, curveStepAfter, line } from 'd3-shape'
import { formatAmountShort } from '#ui/number/format.ts'
import { Time } from '#ui/time/time.tsx'

const WIDTH = 640
const HEIGHT = 180
const PAD = { top: 14, right: 8, bottom: 8, left: 56 }

/** Votes over time against today's cut-line; drawn on the server, with a table twin below. */
export function WeightHistory({ points, cutLine }: { points: readonly WeightPointView[]; cutLine: bigint }) {
  if (points.length < 2) return <p className="text-sm text-ink-3">The history starts with the second change of this delegate’s votes.</p>
  const value = (weight: bigint) => Number(weight / 100_000_000n)
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return null
  const top = Math.max(value(cutLine), ...points.map((point) => value(point.weight)), 1) * 1.08
  const x = scaleLinear([first.timeMs, Math.max(last.timeMs, first.timeMs + 1)], [PAD.left, WIDTH - PAD.right])
  const y = scaleLinear([0, top], [HEIGHT - PAD.bottom, PAD.top])
  const shape = area<WeightPointView>((point) => x(point.timeMs), y(0), (point) => y(value(point.weight))).curve(curveStepAfter)
  const edge = line<WeightPointView>((point) => x(point.timeMs), (point) => y(value(point.weight))).curve(curveStepAfter)
  const cutY = y(value(cutLine))
  const summary = `Votes went from ${formatAmountShort(first.weight)} to ${formatAmountShort(last.weight)}; the cut-line is at ${formatAmountShort(cutLine)}.`
  return (
    <figure>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summary} className="w-full">
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line x1={PAD.left} x2={WIDTH - PAD.right} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
            <text x={PAD.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="middle" fontSize="11" fill="var(--ink-3)" className="num">{formatAmountShort(BigInt(Math.round(tick)) * 100_000_000n)}</text>
          </g>
        ))}
        <path d={shape([...points]) ?? ''} fill="var(--brand-soft)" />
        <path d={edge([...points]) ?? ''} fill="none" stroke="var(--brand)" strokeWidth="2" strokeLinejoin="round" />
        <line x1={PAD.left} x2={WIDTH - PAD.right} y1={cutY} y2={cutY} stroke="var(--ink-2)" strokeDasharray="5 4" />
        <text x={WIDTH - PAD.right} y={cutY - 5} textAnchor="end" fontSize="11" fill="var(--ink-2)">cut-line</text>
      </svg>
      <figcaption className="mt-1 flex justify-between text-xs text-ink-3"><Time at={first.timeMs} mode="day" /><Time at={last.timeMs} mode="day" /></figcaption>
      <p className="mt-2 text-sm text-ink-2">{summary}</p>
      <details className="mt-2 text-sm">
        <summary className="inline-flex min-h-6 items-center text-ink-3 hover:text-ink">As a table</summary>
        <div className="mt-2 max-h-64 overflow-y-auto" role="region" aria-label="Votes over time" tabIndex={0}>
          <table className="w-full text-start">
            <thead><tr className="text-ink-3"><th scope="col" className="py-1 text-start font-medium">Block</th><th scope="col" className="text-start font-medium">Time</th><th scope="col" className="text-end font-medium">Votes</th><th scope="col" className="text-end font-medium">Voters</th></tr></thead>
            <tbody className="num">{points.map((point) => <tr key={`${point.height}-${point.weight}`}><td className="py-0.5">{point.height.toString()}</td><td><Time at={point.timeMs} /></td><td className="text-end">{formatAmountShort(point.weight)}</td><td className="text-end">{point.voters}</td></tr>)}</tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}
