import type { BlockSummary } from '@aelf/governance/domain'
import { type Column, DataTable } from '#ui/dataTable.tsx'
import { Address, Hash } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Time } from '#ui/time/time.tsx'
import { FinalityBadge } from './finality.tsx'

const COLUMNS: readonly Column<BlockSummary>[] = [
  {
    id: 'height',
    head: 'Height',
    cell: (block) => (
      <Link href={`/explorer/blocks/${block.height}`} className="link num inline-flex min-h-6 items-center">
        {formatInteger(block.height)}
      </Link>
    ),
  },
  { id: 'time', head: 'Age', cell: (block) => <Time at={block.timeMs} className="text-ink-2" /> },
  {
    id: 'producer',
    head: 'Producer',
    wide: true,
    cell: (block) => (
      <Address address={block.producer} name={block.producerName} href={`/delegates/${block.producer}`} />
    ),
  },
  {
    id: 'hash',
    head: 'Hash',
    hideOnPhone: true,
    cell: (block) => <Hash value={block.hash} href={`/explorer/blocks/${block.hash}`} label="block hash" />,
  },
  {
    id: 'transactions',
    head: 'Transactions',
    align: 'end',
    cell: (block) => <span className="num">{formatInteger(block.transactionCount)}</span>,
  },
  { id: 'fees', head: 'Fees', align: 'end', hideOnPhone: true, cell: (block) => <Amount units={block.fees} /> },
  { id: 'final', head: 'Finality', align: 'end', cell: (block) => <FinalityBadge finalized={block.finalized} /> },
]

export function BlockTable({ blocks, compact = false }: { blocks: readonly BlockSummary[]; compact?: boolean }) {
  const columns = compact
    ? COLUMNS.filter((column) => ['height', 'time', 'producer', 'transactions'].includes(column.id))
    : COLUMNS
  return (
    <DataTable
      caption="Blocks, newest first"
      columns={columns}
      rows={blocks}
      rowKey={(block) => block.hash}
      dense={compact}
    />
  )
}
