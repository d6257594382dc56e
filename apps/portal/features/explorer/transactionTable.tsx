import type { ActivityView, TransactionSummary } from '@aelf/governance/domain'
import { Badge } from '#ui/badge.tsx'
import { type Column, DataTable } from '#ui/dataTable.tsx'
import { Address, Hash, shorten } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Time } from '#ui/time/time.tsx'
import { StatusBadge } from './finality.tsx'

/** The signed sentence with long identifiers cut in the middle; the transaction's own page has it in full. */
export function headline(transaction: TransactionSummary): string {
  if (transaction.intent === '') return `${transaction.contractName}.${transaction.method}`
  return transaction.intent.replace(/0x[0-9a-f]{40,64}/g, (value) => shorten(value))
}

const COLUMNS: readonly Column<TransactionSummary>[] = [
  {
    id: 'intent',
    head: 'Transaction',
    label: false,
    wide: true,
    cell: (transaction) => (
      <span className="block min-w-0">
        <Link
          href={`/explorer/txs/${transaction.id}`}
          className="line-clamp-2 max-w-[52ch] font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {headline(transaction)}
        </Link>
        <span className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs text-ink-3">
          <span className="font-mono" translate="no">{`${transaction.contractName}.${transaction.method}`}</span>
          <Hash value={transaction.id} label="transaction id" className="text-xs" />
        </span>
      </span>
    ),
  },
  { id: 'status', head: 'Result', cell: (transaction) => <StatusBadge status={transaction.status} /> },
  { id: 'from', head: 'From', cell: (transaction) => <Address address={transaction.from} /> },
  {
    id: 'block',
    head: 'Block',
    align: 'end',
    cell: (transaction) =>
      transaction.height === undefined ? (
        <span className="text-ink-3">–</span>
      ) : (
        <Link href={`/explorer/blocks/${transaction.height}`} className="link num inline-flex min-h-6 items-center">
          {formatInteger(transaction.height)}
        </Link>
      ),
  },
  {
    id: 'time',
    head: 'Age',
    align: 'end',
    cell: (transaction) =>
      transaction.timeMs === undefined ? (
        <span className="text-ink-3">–</span>
      ) : (
        <Time at={transaction.timeMs} className="text-ink-2" />
      ),
  },
  {
    id: 'fee',
    head: 'Fee',
    align: 'end',
    hideOnPhone: true,
    cell: (transaction) => <Amount units={transaction.fee} />,
  },
]

export function TransactionTable({
  transactions,
  compact = false,
}: {
  transactions: readonly TransactionSummary[]
  compact?: boolean
}) {
  const columns = compact ? COLUMNS.filter((column) => ['intent', 'status', 'time'].includes(column.id)) : COLUMNS
  return (
    <DataTable
      caption="Transactions, newest first"
      columns={columns}
      rows={transactions}
      rowKey={(transaction) => transaction.id}
      dense={compact}
    />
  )
}

const DIRECTIONS = {
  out: { text: 'Sent', tone: 'oppose' },
  in: { text: 'Received', tone: 'support' },
  self: { text: 'To itself', tone: 'neutral' },
  mention: { text: 'Named', tone: 'neutral' },
} as const

export function ActivityTable({ activities }: { activities: readonly ActivityView[] }) {
  const direction: Column<ActivityView> = {
    id: 'direction',
    head: 'Direction',
    cell: (activity) => <Badge tone={DIRECTIONS[activity.direction].tone}>{DIRECTIONS[activity.direction].text}</Badge>,
  }
  const rest = COLUMNS.filter((column) => column.id !== 'from')
  const columns: readonly Column<ActivityView>[] = [...rest.slice(0, 1), direction, ...rest.slice(1)]
  return (
    <DataTable
      caption="Activity, newest first"
      columns={columns}
      rows={activities}
      rowKey={(activity) => activity.id}
    />
  )
}
