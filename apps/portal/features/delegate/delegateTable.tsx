import type { DelegateSummary } from '@aelf/governance/domain'
import { cn } from '#ui/cn.ts'
import { type Column, DataTable } from '#ui/dataTable.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { Weight } from '#ui/number/amount.tsx'
import { formatBasisPoints, formatInteger } from '#ui/number/format.ts'
import { SortLink } from './sortLink.tsx'
import { DelegateStatusBadge } from './statusBadge.tsx'
import { Uptime } from './uptime.tsx'

interface DelegateTableProps {
  delegates: readonly DelegateSummary[]
  sort: string
  query: Readonly<Record<string, string | undefined>>
}

export function DelegateTable({ delegates, sort, query }: DelegateTableProps) {
  const head = (key: string, text: string) => <SortLink sort={key} text={text} current={sort} query={query} />
  const order = (key: string) =>
    (sort === key ? (key === 'weight' || key === 'uptime' || key === 'voters' ? 'descending' : 'ascending') : 'none') as
      | 'ascending'
      | 'descending'
      | 'none'
  const columns: readonly Column<DelegateSummary>[] = [
    {
      id: 'rank',
      head: head('rank', 'Rank'),
      label: 'Rank',
      hideOnPhone: true,
      sort: order('rank'),
      cell: (delegate) => <RankBox delegate={delegate} />,
    },
    {
      id: 'delegate',
      head: head('name', 'Delegate'),
      label: false,
      wide: true,
      sort: order('name'),
      cell: (delegate) => (
        <span className="flex items-center justify-between gap-3">
          <Address address={delegate.address} name={delegate.name} href={`/delegates/${delegate.address}`} size={30} />
          <span className="@min-[43rem]/table:hidden">
            <RankBox delegate={delegate} />
          </span>
        </span>
      ),
    },
    { id: 'status', head: 'Status', cell: (delegate) => <DelegateStatusBadge status={delegate.status} /> },
    {
      id: 'weight',
      head: head('weight', 'Votes'),
      label: 'Votes',
      align: 'end',
      sort: order('weight'),
      cell: (delegate) => (
        <span>
          <Weight units={delegate.weight} className="font-medium" />
          <span className="num ms-1.5 text-xs text-ink-3">{formatBasisPoints(delegate.shareBps)}</span>
        </span>
      ),
    },
    {
      id: 'commission',
      head: head('commission', 'Commission'),
      label: 'Commission',
      align: 'end',
      sort: order('commission'),
      cell: (delegate) => <span className="num">{formatBasisPoints(delegate.commissionBps)}</span>,
    },
    {
      id: 'uptime',
      head: head('uptime', 'Uptime, this term'),
      label: 'Uptime, this term',
      align: 'end',
      sort: order('uptime'),
      cell: (delegate) => <Uptime performance={delegate.term} />,
    },
    {
      id: 'voters',
      hideOnPhone: true,
      head: head('voters', 'Voters'),
      label: 'Voters',
      align: 'end',
      sort: order('voters'),
      cell: (delegate) => <span className="num">{formatInteger(delegate.voters)}</span>,
    },
  ]
  return <DataTable caption="Delegates" columns={columns} rows={delegates} rowKey={(delegate) => delegate.address} />
}

function RankBox({ delegate }: { delegate: DelegateSummary }) {
  return (
    <span
      className={cn(
        'num inline-grid h-7 min-w-7 place-items-center rounded-lg px-1.5 text-sm font-semibold',
        delegate.isElectedNext ? 'bg-brand-soft text-brand' : 'bg-sunken text-ink-2',
      )}
    >
      {delegate.rank ?? '–'}
    </span>
  )
}
