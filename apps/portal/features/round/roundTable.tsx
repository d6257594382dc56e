import type { RoundSummary } from '@aelf/governance/domain'
import { cn } from '#ui/cn.ts'
import { DataTable } from '#ui/dataTable.tsx'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Time } from '#ui/time/time.tsx'

export function RoundTable({ rounds }: { rounds: readonly RoundSummary[] }) {
  return (
    <DataTable
      caption="Rounds, newest first"
      rows={rounds}
      rowKey={(round) => round.number}
      columns={[
        {
          id: 'round',
          head: 'Round',
          cell: (round) => (
            <Link href={`/rounds/${round.number}`} className="link num inline-flex min-h-6 items-center">
              {formatInteger(round.number)}
            </Link>
          ),
        },
        {
          id: 'term',
          head: 'Term',
          cell: (round) => (
            <Link
              href={`/terms/${round.term}`}
              className="num inline-flex min-h-6 min-w-6 items-center hover:underline"
            >
              {round.term}
            </Link>
          ),
        },
        { id: 'slots', head: 'Slots', cell: (round) => <Ratio round={round} /> },
        {
          id: 'missed',
          head: 'Missed',
          align: 'end',
          cell: (round) => (
            <span className={cn('num', round.missed > 0 && 'font-medium text-oppose')}>{round.missed}</span>
          ),
        },
        {
          id: 'transactions',
          head: 'Transactions',
          align: 'end',
          cell: (round) => <span className="num">{formatInteger(round.transactions)}</span>,
        },
        {
          id: 'start',
          head: 'Started',
          align: 'end',
          cell: (round) => <Time at={round.startTimeMs} className="text-ink-2" />,
        },
      ]}
    />
  )
}

function Ratio({ round }: { round: RoundSummary }) {
  const share = round.slots === 0 ? 0 : (round.produced / round.slots) * 100
  const missed = round.slots === 0 ? 0 : (round.missed / round.slots) * 100
  return (
    <span className="flex items-center gap-3">
      <span className="num w-14 whitespace-nowrap">{`${round.produced} / ${round.slots}`}</span>
      <span aria-hidden="true" className="hidden h-2 w-28 overflow-hidden rounded-full bg-sunken sm:flex">
        <span className="bg-brand" style={{ width: `${share}%` }} />
        <span className="hatch" style={{ width: `${missed}%` }} />
      </span>
    </span>
  )
}
