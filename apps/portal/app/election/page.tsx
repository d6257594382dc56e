import type { Metadata } from 'next'
import { RankingTable } from '#features/election/rankingTable.tsx'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { DevClock } from '#features/network/devClock.tsx'
import { TermProgress } from '#features/network/termPanel.tsx'
import { api } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { ButtonLink } from '#ui/button.tsx'
import { EmptyState, Notice } from '#ui/notice.tsx'
import { Weight } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { PageHeader, Panel, Stat } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Election' }

export default async function ElectionPage() {
  const [ranking, pulse] = await Promise.all([api().election.ranking({ limit: 200 }), api().network.pulse()])
  const competing = ranking.entries.length
  return (
    <>
      <LiveRefresh on={['round', 'term', 'reorganised']} everyMs={5000} />
      <PageHeader
        title="Election"
        lead={`If the term ended now, these delegates would produce in term ${ranking.nextTerm}.`}
        aside={
          <ButtonLink href="/stake/new" kind="primary">
            Lock and vote
          </ButtonLink>
        }
      />
      <div className="mb-6 grid grid-cols-1 gap-6 lg:grid-cols-[3fr_2fr]">
        <Panel>
          <TermProgress
            term={ranking.term}
            startsAtMs={pulse.termStartsAtMs}
            endsAtMs={ranking.termEndsAtMs}
            seats={ranking.seats}
          />
        </Panel>
        <dl className="panel grid grid-cols-2 content-center gap-x-6 gap-y-5 p-5">
          <Stat label="Seats" note="2N + 1, N grows by one a year">
            {ranking.seats}
          </Stat>
          <Stat label="Competing">{formatInteger(competing)}</Stat>
          <Stat label="Last seat at" note="votes needed to be elected">
            <Weight units={ranking.cutLineWeight} />
          </Stat>
          <Stat label="All votes" note="amount × lock multiplier">
            <Weight units={ranking.totalWeight} />
          </Stat>
        </dl>
      </div>
      {pulse.devnet ? <DevClock termEndsAtMs={ranking.termEndsAtMs} /> : null}
      {ranking.unfilledSeats > 0 ? (
        <Notice
          className="mb-6"
          title={`${ranking.unfilledSeats} seat${ranking.unfilledSeats === 1 ? ' has' : 's have'} no elected delegate`}
        >
          Current producers keep those seats until enough candidates have votes.
        </Notice>
      ) : null}
      <Panel
        id="ranking"
        title="Ranking"
        note="Arrows show the change since the election of the running term"
        flush
        aside={<AsOf asOf={ranking.asOf} />}
      >
        {competing === 0 ? (
          <EmptyState title="Nobody competes yet">Delegates appear here as soon as they register.</EmptyState>
        ) : (
          <RankingTable ranking={ranking} entries={ranking.entries} />
        )}
      </Panel>
    </>
  )
}
