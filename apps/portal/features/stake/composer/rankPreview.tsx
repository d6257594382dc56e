import { previewRanking, type RankingView } from '@aelf/governance/domain'
import { cn } from '#ui/cn.ts'
import { formatAmountShort } from '#ui/number/format.ts'

/** Height of one place in the list. */
const ROW_REM = 1.75
const REACH = 2

interface Line {
  readonly address: string
  readonly name: string
  readonly before: number
  readonly after: number
}

interface RankPreviewProps {
  ranking: RankingView
  delegate: `0x${string}` | undefined
  added: bigint
  previous?: `0x${string}` | undefined
}

/** Where the delegate stands now and after this vote, and the line between a seat and none, before anything is signed. */
export function RankPreview({ ranking, delegate, added, previous }: RankPreviewProps) {
  const chosen = ranking.entries.find((entry) => entry.address === delegate)
  if (delegate === undefined || chosen === undefined)
    return <p className="text-sm text-ink-3">Choose a delegate to see what your votes change.</p>
  const move = previous === undefined ? { delegate, added } : { delegate, added, previous }
  const preview = previewRanking(ranking.entries, move, ranking.seats)
  const before = preview.rankBefore ?? ranking.entries.length
  const after = preview.rankAfter ?? before
  const from = Math.max(1, Math.min(before, after) - REACH)
  const to = Math.min(ranking.entries.length, Math.max(before, after) + REACH, from + 8)
  const afterRank = new Map(preview.after.map((entry, index) => [entry.address, index + 1]))
  const lines = ranking.entries
    .map(
      (entry, index): Line => ({
        address: entry.address,
        name: entry.name,
        before: index + 1,
        after: afterRank.get(entry.address) ?? index + 1,
      }),
    )
    .filter((line) => (line.before >= from && line.before <= to) || (line.after >= from && line.after <= to))
  // The last seat after the move: a vote taken from whoever holds it lowers the line too.
  const gap = (preview.after[ranking.seats - 1]?.weight ?? 0n) - (chosen.weight + added)
  const summary = summaryOf({
    name: chosen.name,
    before,
    after,
    electedBefore: preview.electedBefore,
    electedAfter: preview.electedAfter,
    gap,
    term: ranking.nextTerm,
    added,
  })
  return (
    <figure>
      <Slope lines={lines} from={from} to={to} seats={ranking.seats} delegate={delegate} summary={summary} />
      <figcaption className="mt-3 text-sm text-ink-2" aria-live="polite">
        {summary}
      </figcaption>
    </figure>
  )
}

function summaryOf(input: {
  name: string
  before: number
  after: number
  electedBefore: boolean
  electedAfter: boolean
  gap: bigint
  term: number
  added: bigint
}): string {
  const { name, before, after, electedBefore, electedAfter, gap, term } = input
  const rank = before === after ? `${name} stays at rank ${after}` : `${name} moves from rank ${before} to ${after}`
  if (input.added === 0n)
    return `${name} is at rank ${before}${electedBefore ? ', inside the seats' : ', below the cut-line'}. Enter an amount to see what changes.`
  if (!electedBefore && electedAfter) return `${rank} and would win a seat in term ${term}.`
  if (electedAfter) return `${rank} and keeps a seat in term ${term}.`
  return `${rank}; ${formatAmountShort(gap < 0n ? 0n : gap)} more votes would reach the last seat.`
}

interface SlopeProps {
  lines: readonly Line[]
  from: number
  to: number
  seats: number
  delegate: string
  summary: string
}

/** Two columns of names and the lines between them; only the lines stretch, so the words stay readable on a phone. */
function Slope({ lines, from, to, seats, delegate, summary }: SlopeProps) {
  const rows = to - from + 1
  const y = (rank: number) => ((rank - from + 0.5) / rows) * 100
  const cut = seats >= from && seats < to ? ((seats - from + 1) / rows) * 100 : undefined
  const ordered = lines.toSorted((a, b) => Number(a.address === delegate) - Number(b.address === delegate))
  return (
    <div role="img" aria-label={summary}>
      <div aria-hidden="true" className="mb-1 flex justify-between text-xs text-ink-3">
        <span>Now</span>
        <span>With your votes</span>
      </div>
      <div aria-hidden="true" className="relative" style={{ height: `${rows * ROW_REM}rem` }}>
        {cut === undefined ? null : (
          <div className="absolute inset-x-0 border-t-2 border-dashed border-brand" style={{ top: `${cut}%` }}>
            <span className="absolute start-1/2 -translate-x-1/2 -translate-y-1/2 bg-surface px-1.5 text-xs font-medium whitespace-nowrap text-brand">{`${seats} seats`}</span>
          </div>
        )}
        <svg
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          className="absolute inset-y-0 start-[38%] h-full w-[24%] overflow-visible"
        >
          {ordered.map((line) => (
            <line
              key={line.address}
              x1={0}
              x2={100}
              y1={y(line.before)}
              y2={y(line.after)}
              vectorEffect="non-scaling-stroke"
              strokeLinecap="round"
              stroke={line.address === delegate ? 'var(--brand)' : 'var(--line-strong)'}
              strokeOpacity={line.address === delegate ? 1 : 0.45}
              strokeWidth={line.address === delegate ? 3 : 1.25}
            />
          ))}
        </svg>
        {ordered.map((line) => (
          <Names key={line.address} line={line} from={from} to={to} y={y} mine={line.address === delegate} />
        ))}
      </div>
    </div>
  )
}

interface NamesProps {
  line: Line
  from: number
  to: number
  y: (rank: number) => number
  mine: boolean
}

function Names({ line, from, to, y, mine }: NamesProps) {
  const inside = (rank: number) => rank >= from && rank <= to
  const style = cn(
    'num absolute flex w-[37%] -translate-y-1/2 gap-2 text-[0.8125rem]',
    mine ? 'font-semibold text-ink' : 'text-ink-2',
  )
  return (
    <>
      {inside(line.before) ? (
        <span className={cn(style, 'start-0')} style={{ top: `${y(line.before)}%` }}>
          <span className="w-5 shrink-0 text-end">{line.before}</span>
          <span className="truncate" translate="no">
            {line.name}
          </span>
        </span>
      ) : null}
      {inside(line.after) ? (
        <span className={cn(style, 'end-0 justify-end')} style={{ top: `${y(line.after)}%` }}>
          <span className="truncate" translate="no">
            {line.name}
          </span>
          <span className="w-5 shrink-0">{line.after}</span>
        </span>
      ) : null}
    </>
  )
}
