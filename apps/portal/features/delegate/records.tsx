import type { BackerView, ProfileChangeView } from '@aelf/governance/domain'
import { DataTable } from '#ui/dataTable.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { Amount, Weight } from '#ui/number/amount.tsx'
import { formatBasisPoints } from '#ui/number/format.ts'
import { Time } from '#ui/time/time.tsx'

export function Backers({ backers }: { backers: readonly BackerView[] }) {
  return (
    <DataTable
      dense
      caption="Largest voters"
      rows={backers}
      rowKey={(backer) => backer.owner}
      columns={[
        {
          id: 'owner',
          head: 'Voter',
          label: false,
          wide: true,
          cell: (backer) => (
            <span className="block">
              <Address address={backer.owner} />
              <span className="block ps-8 text-xs text-ink-3">
                <span>{'opens '}</span>
                <Time at={backer.firstUnlockAtMs} />
              </span>
            </span>
          ),
        },
        { id: 'amount', head: 'Locked', align: 'end', cell: (backer) => <Amount units={backer.amount} short /> },
        {
          id: 'weight',
          head: 'Votes',
          align: 'end',
          cell: (backer) => <Weight units={backer.weight} className="font-medium" />,
        },
        {
          id: 'share',
          head: 'Share',
          align: 'end',
          cell: (backer) => <span className="num">{formatBasisPoints(backer.shareBps)}</span>,
        },
      ]}
    />
  )
}

/** Every commission the delegate ever announced, so a quiet raise is not quiet. */
export function ProfileChanges({ changes }: { changes: readonly ProfileChangeView[] }) {
  if (changes.length === 0)
    return <EmptyState title="Never changed">Commission and profile are as registered.</EmptyState>
  const newestFirst = changes.toSorted((a, b) => (a.height < b.height ? 1 : -1))
  return (
    <DataTable
      dense
      caption="Commission and profile changes"
      rows={newestFirst}
      rowKey={(change) => `${change.height}-${newestFirst.indexOf(change)}`}
      columns={[
        { id: 'time', head: 'When', cell: (change) => <Time at={change.timeMs} /> },
        {
          id: 'commission',
          head: 'Commission',
          align: 'end',
          cell: (change, index) => (
            <CommissionStep now={change.commissionBps} before={newestFirst[index + 1]?.commissionBps} />
          ),
        },
        { id: 'name', head: 'Name', label: 'Name', cell: (change) => <span translate="no">{change.name}</span> },
      ]}
    />
  )
}

function CommissionStep({ now, before }: { now: number; before: number | undefined }) {
  if (before === undefined || before === now) return <span className="num">{formatBasisPoints(now)}</span>
  return (
    <span className="num">
      <span className="text-ink-3">{`${formatBasisPoints(before)} → `}</span>
      <span className={now > before ? 'font-medium text-oppose' : 'font-medium text-support'}>
        {formatBasisPoints(now)}
      </span>
      <span className="sr-only">{now > before ? ' raised' : ' lowered'}</span>
    </span>
  )
}
