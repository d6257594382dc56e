import type { Metadata } from 'next'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { RoundFacts } from '#features/round/roundFacts.tsx'
import { RoundStrip } from '#features/round/roundStrip.tsx'
import { RoundTable } from '#features/round/roundTable.tsx'
import { api, attempt } from '#server/api.ts'
import { param, type RawSearch } from '#server/search.ts'
import { AsOf } from '#ui/asOf.tsx'
import { EmptyState, Notice } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Pager } from '#ui/pager.tsx'
import { PageHeader, Panel } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Rounds' }

export default async function RoundsPage({ searchParams }: { searchParams: Promise<RawSearch> }) {
  const cursor = param(await searchParams, 'cursor')
  const [current, rounds] = await Promise.all([
    attempt(api().round.get({ number: 'latest' })),
    api().round.list({ cursor, limit: 20 }),
  ])
  return (
    <>
      <LiveRefresh on={['head', 'round', 'reorganised']} everyMs={2000} />
      <PageHeader
        title="Rounds"
        lead="Each round gives every producer one slot, in an order nobody could choose, and one of them an extra slot."
      />
      {current.ok ? (
        <Panel
          id="live"
          title={`Round ${formatInteger(current.value.number)}, live`}
          className="mb-6"
          aside={<AsOf asOf={current.value.asOf} />}
        >
          <RoundStrip round={current.value} />
          <RoundFacts round={current.value} />
        </Panel>
      ) : (
        <Notice kind="error" className="mb-6" title="The running round can’t be read now" code={current.message}>
          Past rounds below come from the index.
        </Notice>
      )}
      <Panel id="past" title="Past rounds" flush>
        {rounds.items.length === 0 ? (
          <EmptyState title="No finished round yet" />
        ) : (
          <RoundTable rounds={rounds.items} />
        )}
        <Pager path="/rounds" cursor={cursor} nextCursor={rounds.nextCursor} />
      </Panel>
    </>
  )
}
