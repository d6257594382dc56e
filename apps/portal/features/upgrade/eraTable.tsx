import type { EraView } from '@aelf/governance/domain'
import { Badge } from '#ui/badge.tsx'
import { DataTable } from '#ui/dataTable.tsx'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Time } from '#ui/time/time.tsx'
import { CollectionHash, ProposalLinks } from './collectionLink.tsx'

/** Collections that ran, newest first. */
export function EraTable({ eras, current }: { eras: readonly EraView[]; current: string }) {
  return (
    <DataTable
      caption="Collections that ran, newest first"
      rows={eras}
      rowKey={({ since }) => since.toString()}
      columns={[
        {
          id: 'collection',
          head: 'Collection',
          label: false,
          wide: true,
          cell: ({ hash, calledOff }) => (
            <span className="flex flex-wrap items-center gap-2">
              <CollectionHash hash={hash} />
              {calledOff ? (
                <Badge tone="bad">Called off</Badge>
              ) : hash === current ? (
                <Badge tone="good">In force</Badge>
              ) : null}
            </span>
          ),
        },
        {
          id: 'since',
          head: 'First block',
          align: 'end',
          cell: ({ since, sinceMs }) =>
            sinceMs === undefined ? (
              <span className="num">{formatInteger(since)}</span>
            ) : (
              <Link href={`/explorer/blocks/${since}`} className="link num">
                {formatInteger(since)}
              </Link>
            ),
        },
        {
          id: 'locked',
          head: 'Locked in',
          align: 'end',
          cell: ({ lockedAt }) => <span className="num">{lockedAt === undefined ? '–' : formatInteger(lockedAt)}</span>,
        },
        {
          id: 'when',
          head: 'When',
          align: 'end',
          cell: ({ sinceMs }) => (sinceMs === undefined ? 'the next block' : <Time at={sinceMs} />),
        },
        {
          id: 'proposal',
          head: 'Proposal',
          wide: true,
          cell: ({ proposals, since }) => (
            <ProposalLinks proposals={proposals} none={since === 0n ? 'Genesis' : 'none'} />
          ),
        },
      ]}
    />
  )
}
