import type { PositionView } from '@aelf/governance/domain'
import { Badge } from '#ui/badge.tsx'
import { type Column, DataTable } from '#ui/dataTable.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { Amount, Weight } from '#ui/number/amount.tsx'
import { LockBar } from './lockBar.tsx'

const STATES = {
  locked: { text: 'Locked', tone: 'brand' },
  withdrawable: { text: 'Withdrawable', tone: 'good' },
  withdrawn: { text: 'Withdrawn', tone: 'neutral' },
} as const

export function PositionStateBadge({ state }: { state: PositionView['state'] }) {
  return <Badge tone={STATES[state].tone}>{STATES[state].text}</Badge>
}

export function multiplierText(hundredths: number): string {
  return `× ${(hundredths / 100).toFixed(2)}`
}

const COLUMNS: readonly Column<PositionView>[] = [
  {
    id: 'amount',
    head: 'Locked',
    cell: (position) => (
      <Link
        href={`/stake/${position.lockId}`}
        className="inline-flex min-h-6 items-center gap-3 font-semibold hover:underline"
      >
        <Amount units={position.amount} />
      </Link>
    ),
  },
  { id: 'state', head: 'State', cell: (position) => <PositionStateBadge state={position.state} /> },
  {
    id: 'delegate',
    head: 'Votes for',
    cell: (position) => (
      <Address address={position.delegate} name={position.delegateName} href={`/delegates/${position.delegate}`} />
    ),
  },
  {
    id: 'weight',
    head: 'Votes',
    align: 'end',
    cell: (position) => (
      <span>
        <Weight units={position.weight} className="font-medium" />
        <span className="num ms-1.5 text-xs text-ink-3">{multiplierText(position.multiplierHundredths)}</span>
      </span>
    ),
  },
  {
    id: 'unlock',
    head: 'Unlocks',
    wide: true,
    cell: (position) => (
      <LockBar lockedAtMs={position.lockedAtMs} unlocksAtMs={position.unlocksAtMs} state={position.state} />
    ),
  },
]

export function PositionTable({ positions }: { positions: readonly PositionView[] }) {
  const byUnlock = positions.toSorted(
    (a, b) => Number(a.state === 'withdrawn') - Number(b.state === 'withdrawn') || a.unlocksAtMs - b.unlocksAtMs,
  )
  return (
    <DataTable
      caption="Locked positions, next to unlock first"
      columns={COLUMNS}
      rows={byUnlock}
      rowKey={(position) => position.lockId}
    />
  )
}
