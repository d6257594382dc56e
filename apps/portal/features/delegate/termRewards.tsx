import type { DelegateTermView } from '@aelf/governance/domain'
import { DataTable } from '#ui/dataTable.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Time } from '#ui/time/time.tsx'

/** Terms that have ended: what came in, what the delegate kept, what its voters got. Nothing is said about terms to come. */
export function TermRewards({ terms }: { terms: readonly DelegateTermView[] }) {
  if (terms.length === 0)
    return (
      <EmptyState title="No term with a block of its own has ended yet">
        Fees and new ELF are shared when a term ends.
      </EmptyState>
    )
  return (
    <DataTable
      dense
      caption="Income by term, newest first"
      rows={terms}
      rowKey={(row) => row.term}
      columns={[
        {
          id: 'term',
          head: 'Term',
          label: false,
          cell: (row) => (
            <span>
              <span className="num font-medium whitespace-nowrap">{`Term ${formatInteger(row.term)}`}</span>
              <span className="ms-2 text-xs text-ink-3">
                <Time at={row.endedAtMs} />
              </span>
            </span>
          ),
        },
        {
          id: 'blocks',
          head: 'Blocks',
          align: 'end',
          cell: (row) => <span className="num">{formatInteger(row.blocks)}</span>,
        },
        { id: 'income', head: 'Income', align: 'end', cell: (row) => <Amount units={row.income} short /> },
        { id: 'kept', head: 'Kept', align: 'end', cell: (row) => <Amount units={row.commission} short /> },
        {
          id: 'voters',
          head: 'Per 1,000 votes',
          align: 'end',
          cell: (row) =>
            row.weight === 0n ? (
              <span className="text-ink-3">no votes</span>
            ) : (
              <Amount units={row.perThousand} className="font-medium" />
            ),
        },
      ]}
    />
  )
}
