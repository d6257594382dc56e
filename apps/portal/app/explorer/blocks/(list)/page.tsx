import type { Metadata } from 'next'
import { BlockTable } from '#features/explorer/blockTable.tsx'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { api } from '#server/api.ts'
import { param, type RawSearch } from '#server/search.ts'
import { AsOf } from '#ui/asOf.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { Pager } from '#ui/pager.tsx'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Blocks' }

export default async function BlocksPage({ searchParams }: { searchParams: Promise<RawSearch> }) {
  const search = await searchParams
  const cursor = param(search, 'cursor')
  const producer = param(search, 'producer')
  const blocks = await api().block.list({ cursor, producer, limit: 25 })
  return (
    <>
      {cursor === undefined ? <LiveRefresh on={['head', 'finalized', 'reorganised']} /> : null}
      <PageHeader title="Blocks" aside={<AsOf asOf={blocks.asOf} />} />
      <div className="panel">
        {blocks.items.length === 0 ? (
          <EmptyState title="No blocks here">
            {producer === undefined
              ? 'The list is empty until the first block is indexed.'
              : 'This producer has not made a block yet.'}
          </EmptyState>
        ) : (
          <BlockTable blocks={blocks.items} />
        )}
        <Pager path="/explorer/blocks" query={{ producer }} cursor={cursor} nextCursor={blocks.nextCursor} />
      </div>
    </>
  )
}
