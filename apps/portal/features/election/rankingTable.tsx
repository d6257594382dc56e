import type { RankingEntryView, RankingView } from '@aelf/governance/domain'
import { ArrowDown, ArrowUp, Minus, Sparkles } from 'lucide-react'
import { cn } from '#ui/cn.ts'
import { type Column, DataTable } from '#ui/dataTable.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { Weight } from '#ui/number/amount.tsx'
import { formatAmountShort, formatBasisPoints, formatInteger } from '#ui/number/format.ts'
import { WeightBar } from './weightBar.tsx'

/** The standing if the term ended now, with the line between those who get a seat and those who do not. */
export function RankingTable({
  ranking,
  entries,
  compact = false,
}: {
  ranking: RankingView
  entries: readonly RankingEntryView[]
  compact?: boolean
}) {
  const heaviest = ranking.entries[0]?.weight ?? 0n
  const all: readonly Column<RankingEntryView>[] = [
    { id: 'rank', head: 'Rank', cell: (entry) => <Rank entry={entry} />, label: 'Rank', hideOnPhone: true },
    {
      id: 'delegate',
      head: 'Delegate',
      label: false,
      wide: true,
      cell: (entry) => <DelegateCell entry={entry} compact={compact} />,
    },
    {
      id: 'weight',
      head: 'Votes',
      align: 'end',
      cell: (entry) => (
        <span className="flex items-center justify-start gap-3 @min-[43rem]/table:justify-end">
          <span className="hidden w-28 @min-[52rem]/table:block">
            <WeightBar
              weight={entry.weight}
              heaviest={heaviest}
              cutLine={ranking.cutLineWeight}
              elected={entry.isElected}
            />
          </span>
          <Weight units={entry.weight} className="min-w-16 font-medium @min-[43rem]/table:text-end" />
        </span>
      ),
    },
    {
      id: 'share',
      head: 'Share',
      align: 'end',
      cell: (entry) => <span className="num">{formatBasisPoints(entry.shareBps)}</span>,
    },
    { id: 'margin', head: 'To cut-line', align: 'end', cell: (entry) => <Margin entry={entry} /> },
    {
      id: 'voters',
      head: 'Voters',
      align: 'end',
      cell: (entry) => <span className="num">{formatInteger(entry.voters)}</span>,
    },
  ]
  const columns = compact ? all.filter((column) => column.id !== 'voters' && column.id !== 'share') : all
  return (
    <DataTable
      caption={`Ranking for term ${ranking.nextTerm}`}
      columns={columns}
      dense={compact}
      rows={entries}
      rowKey={(entry) => entry.address}
      before={(entry, index) =>
        !entry.isElected && (entries[index - 1]?.isElected ?? false) ? <CutLine ranking={ranking} /> : undefined
      }
    />
  )
}

function DelegateCell({ entry, compact }: { entry: RankingEntryView; compact: boolean }) {
  return (
    <span className="flex items-center justify-between gap-3">
      <Address address={entry.address} name={entry.name} href={`/delegates/${entry.address}`} size={28} />
      <span className={compact ? '@min-[25rem]/table:hidden' : '@min-[43rem]/table:hidden'}>
        <Rank entry={entry} />
      </span>
    </span>
  )
}

function Rank({ entry }: { entry: RankingEntryView }) {
  return (
    <span className="inline-flex items-center gap-2">
      <span
        className={cn(
          'num grid h-7 min-w-7 place-items-center rounded-lg px-1.5 text-sm font-semibold',
          entry.isElected ? 'bg-brand-soft text-brand' : 'bg-sunken text-ink-2',
        )}
      >
        {entry.rank}
      </span>
      <Movement movement={entry.movement} />
    </span>
  )
}

/** Change since the election of the running term, in words for those who cannot see the arrow. */
function Movement({ movement }: { movement: number | undefined }) {
  if (movement === undefined)
    return (
      <span className="inline-flex w-8 items-center text-ink-3" title="New since the last election">
        <Sparkles size={13} aria-hidden="true" />
        <span className="sr-only">new</span>
      </span>
    )
  if (movement === 0)
    return (
      <span className="inline-flex w-8 items-center text-ink-3">
        <Minus size={13} aria-hidden="true" />
        <span className="sr-only">unchanged</span>
      </span>
    )
  const up = movement > 0
  return (
    <span
      className={cn(
        'num inline-flex w-8 items-center gap-0.5 text-xs font-medium',
        up ? 'text-support' : 'text-oppose',
      )}
    >
      {up ? <ArrowUp size={13} aria-hidden="true" /> : <ArrowDown size={13} aria-hidden="true" />}
      <span className="sr-only">{up ? 'up' : 'down'}</span>
      <span>{Math.abs(movement)}</span>
    </span>
  )
}

function Margin({ entry }: { entry: RankingEntryView }) {
  const margin = entry.cutLineMargin
  const sign = margin > 0n ? '+' : margin < 0n ? '−' : '±'
  const text = formatAmountShort(margin < 0n ? -margin : margin)
  return (
    <span className={cn('num whitespace-nowrap', margin < 0n ? 'text-oppose' : 'text-ink-2')}>{`${sign}${text}`}</span>
  )
}

function CutLine({ ranking }: { ranking: RankingView }) {
  return (
    <div className="flex items-center gap-3 bg-ground px-5 py-2 text-[0.8125rem]">
      <span aria-hidden="true" className="h-0 flex-1 border-t-2 border-dashed border-brand" />
      <span className="font-medium text-brand">{`Cut-line · ${ranking.seats} seats · ${formatAmountShort(ranking.cutLineWeight)} votes`}</span>
      <span aria-hidden="true" className="h-0 flex-1 border-t-2 border-dashed border-brand" />
    </div>
  )
}

/** The heads of the list and the fight for the last seat, for a summary. */
export function aroundCutLine(ranking: RankingView, above: number, below: number): readonly RankingEntryView[] {
  const lastElected = ranking.entries.findLastIndex((entry) => entry.isElected)
  if (lastElected < 0) return ranking.entries.slice(0, above + below)
  return ranking.entries.slice(Math.max(0, lastElected + 1 - above), lastElected + 1 + below)
}
