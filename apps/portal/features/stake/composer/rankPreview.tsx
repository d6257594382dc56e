import { previewRanking, type RankingView } from '@aelf/governance/domain'
import { formatAmountShort } from '#ui/number/format.ts'

const ROW = 26
const TOP = 26
const WIDTH = 380
const LEFT_EDGE = 128
const RIGHT_EDGE = WIDTH - 128
const REACH = 2

interface Line { readonly address: string; readonly name: string; readonly before: number; readonly after: number }

interface RankPreviewProps { ranking: RankingView; delegate: `0x${string}` | undefined; added: bigint; previous?: `0x${string}` | undefined }

/** Where the delegate stands now and after this vote, and the line between a seat and none, before anything is signed. */
export function RankPreview({ ranking, delegate, added, previous }: RankPreviewProps) {
  const chosen = ranking.entries.find((entry) => entry.address === delegate)
  if (delegate === undefined || chosen === undefined) return <p className="text-sm text-ink-3">Choose a delegate to see what your votes change.</p>
  const move = previous === undefined ? { delegate, added } : { delegate, added, previous }
  const preview = previewRanking(ranking.entries, move, ranking.seats)
  const before = preview.rankBefore ?? ranking.entries.length
  const after = preview.rankAfter ?? before
  const from = Math.max(1, Math.min(before, after) - REACH)
  const to = Math.min(ranking.entries.length, Math.max(before, after) + REACH, from + 8)
  const afterRank = new Map(preview.after.map((entry, index) => [entry.address, index + 1]))
  const lines = ranking.entries.map((entry, index): Line => ({ address: entry.address, name: entry.name, before: index + 1, after: afterRank.get(entry.address) ?? index + 1 })).filter((line) => (line.before >= from && line.before <= to) || (line.after >= from && line.after <= to))
  const gap = ranking.cutLineWeight - (chosen.weight + added)
  const summary = summaryOf({ name: chosen.name, before, after, electedBefore: preview.electedBefore, electedAfter: preview.electedAfter, gap, term: ranking.nextTerm, added })
  return (
    <figure>
      <Slope lines={lines} from={from} to={to} seats={ranking.seats} delegate={delegate} summary={summary} />
      <figcaption className="mt-3 text-sm text-ink-2" aria-live="polite">{summary}</figcaption>
    </figure>
  )
}

function summaryOf(input: { name: string; before: number; after: number; electedBefore: boolean; electedAfter: boolean; gap: bigint; term: number; added: bigint }): string {
  const { name, before, after, electedBefore, electedAfter, gap, term } = input
  const rank = before === after ? `${name} stays at rank ${after}` : `${name} moves from rank ${before} to ${after}`
  if (input.added === 0n) return `${name} is at rank ${before}${electedBefore ? ', inside the seats' : ', below the cut-line'}. Enter an amount to see what changes.`
  if (!electedBefore && electedAfter) return `${rank} and would win a seat in term ${term}.`
  if (electedAfter) return `${rank} and keeps a seat in term ${term}.`
  return `${rank}; ${formatAmountShort(gap < 0n ? 0n : gap)} more votes would reach the last seat.`
}

interface SlopeProps { lines: readonly Line[]; from: number; to: number; seats: number; delegate: string; summary: string }

function Slope({ lines, from, to, seats, delegate, summary }: SlopeProps) {
  const y = (rank: number) => TOP + (rank - from) * ROW + ROW / 2
  const height = TOP + (to - from + 1) * ROW + 4
  const inside = (rank: number) => rank >= from && rank <= to
  const cut = seats >= from && seats < to ? y(seats) + ROW / 2 : undefined
  const ordered = lines.toSorted((a, b) => Number(a.address === delegate) - Number(b.address === delegate))
  return (
    <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={summary} className="w-full">
      <text x={0} y={13} fontSize="12" fill="var(--ink-3)">Now</text>
      <text x={WIDTH} y={13} fontSize="12" fill="var(--ink-3)" textAnchor="end">With your votes</text>
      {cut === undefined ? null : (
        <g>
          <line x1={0} x2={WIDTH} y1={cut} y2={cut} stroke="var(--brand)" strokeWidth="1.5" strokeDasharray="5 4" />
          <text x={WIDTH / 2} y={cut - 4} fontSize="11" textAnchor="middle" fill="var(--brand)">{`cut-line, ${seats} seats`}</text>
        </g>
      )}
      {ordered.map((line) => {
        const mine = line.address === delegate
        const style = { fontSize: 12.5, fill: mine ? 'var(--ink)' : 'var(--ink-2)', fontWeight: mine ? 650 : 450, dominantBaseline: 'central' as const }
        return (
          <g key={line.address}>
            {inside(line.before) ? <text x={0} y={y(line.before)} {...style} className="num">{`${line.before}  ${cutText(line.name)}`}</text> : null}
            {inside(line.after) ? <text x={WIDTH} y={y(line.after)} {...style} textAnchor="end" className="num">{`${cutText(line.name)}  ${line.after}`}</text> : null}
            <line x1={LEFT_EDGE} x2={RIGHT_EDGE} y1={y(line.before)} y2={y(line.after)} stroke={mine ? 'var(--brand)' : 'var(--line-strong)'} strokeOpacity={mine ? 1 : 0.45} strokeWidth={mine ? 3 : 1.25} strokeLinecap="round" />
            {mine ? <circle cx={RIGHT_EDGE} cy={y(line.after)} r="4.5" fill="var(--brand)" /> : null}
          </g>
        )
      })}
    </svg>
  )
}

const NAME_LENGTH = 14

function cutText(name: string): string {
  return name.length <= NAME_LENGTH ? name : `${name.slice(0, NAME_LENGTH - 1)}…`
}
