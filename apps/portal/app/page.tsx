import type { Metadata } from 'next'
import { Suspense } from 'react'
import { aroundCutLine, RankingTable } from '#features/election/rankingTable.tsx'
import { TransactionFeed } from '#features/explorer/transactionFeed.tsx'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { DevClock } from '#features/network/devClock.tsx'
import { NeedsYou } from '#features/network/needsYou.tsx'
import { TermProgress } from '#features/network/termPanel.tsx'
import { RoundStrip } from '#features/round/roundStrip.tsx'
import { UpgradeRows } from '#features/upgrade/upgradeRows.tsx'
import { api, attempt } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { ButtonLink } from '#ui/button.tsx'
import { Link } from '#ui/link.tsx'
import { EmptyState, Notice } from '#ui/notice.tsx'
import { Amount, Weight } from '#ui/number/amount.tsx'
import { formatCount, formatInteger } from '#ui/number/format.ts'
import { Panel, Stat } from '#ui/panel.tsx'

export const metadata: Metadata = { title: { absolute: 'Network · aelf governance' } }

export default async function NetworkPage() {
  const caller = api()
  const [pulse, round, ranking, transactions] = await Promise.all([
    caller.network.pulse(),
    attempt(caller.round.get({ number: 'latest' })),
    caller.election.ranking({ limit: 1000 }),
    attempt(caller.transaction.list({ limit: 5 })),
  ])
  const summary = aroundCutLine(ranking, 4, 3)
  return (
    <>
      <LiveRefresh on={['head', 'term', 'reorganised']} everyMs={2500} />
      <header className="mb-6 flex flex-wrap items-end justify-between gap-3">
        <div>
          <p className="eyebrow" translate="no">
            {pulse.network}
          </p>
          <h1 className="text-[1.75rem]/9 font-semibold tracking-tight">The network now</h1>
        </div>
        <AsOf asOf={pulse.asOf} />
      </header>
      <div className="grid grid-cols-1 gap-6 xl:grid-cols-[minmax(0,8fr)_minmax(0,5fr)]">
        <Panel className="flex flex-col justify-center">
          <TermProgress
            term={pulse.term}
            startsAtMs={pulse.termStartsAtMs}
            endsAtMs={pulse.termEndsAtMs}
            seats={ranking.seats}
          />
        </Panel>
        <dl className="panel grid grid-cols-2 content-center gap-x-6 gap-y-5 p-5">
          <Stat
            label="Producers"
            note={pulse.producers.excluded === 0 ? 'none excluded' : `${pulse.producers.excluded} excluded`}
          >{`${pulse.producers.active} of ${pulse.producers.total}`}</Stat>
          <Stat label="Missed last round">{formatInteger(pulse.missedLastRound)}</Stat>
          <Stat label="ELF locked" note={formatCount(pulse.voters, 'voter')}>
            <Amount units={pulse.totalLocked} short />
          </Stat>
          <Stat label="Last seat at" note="votes">
            <Weight units={ranking.cutLineWeight} />
          </Stat>
        </dl>
      </div>
      {pulse.devnet ? <DevClock termEndsAtMs={pulse.termEndsAtMs} /> : null}
      <Panel
        id="round"
        title={
          round.ok ? (
            <Link href="/rounds" className="hover:underline">{`Round ${formatInteger(round.value.number)}`}</Link>
          ) : (
            'Round'
          )
        }
        note="Each slot is one producer’s turn"
        className="mt-6"
      >
        {round.ok ? (
          <RoundStrip round={round.value} />
        ) : (
          <Notice kind="warn" title="The running round can’t be read now" code={round.message}>
            The node does not answer; the rest of this page comes from the index.
          </Notice>
        )}
      </Panel>
      <div className="mt-6 grid grid-cols-1 items-start gap-6 xl:grid-cols-[minmax(0,8fr)_minmax(0,5fr)]">
        <Panel
          id="election"
          title="The fight for the last seat"
          note={`If term ${ranking.term} ended now`}
          flush
          aside={
            <ButtonLink href="/election" size="small" kind="quiet">
              Whole ranking
            </ButtonLink>
          }
        >
          {summary.length === 0 ? (
            <EmptyState title="Nobody competes yet">Delegates appear as soon as they register.</EmptyState>
          ) : (
            <RankingTable ranking={ranking} entries={summary} compact />
          )}
        </Panel>
        <div className="grid grid-cols-1 gap-6">
          <Panel id="needs-you" title="What needs you" flush>
            <Suspense fallback={null}>
              <UpgradeRows />
            </Suspense>
            <NeedsYou ranking={{ seats: ranking.seats, entries: ranking.entries }} />
          </Panel>
          <Panel
            id="latest"
            title="Just now"
            flush
            aside={
              <ButtonLink href="/explorer" size="small" kind="quiet">
                Explorer
              </ButtonLink>
            }
          >
            {transactions.ok && transactions.value.items.length > 0 ? (
              <TransactionFeed transactions={transactions.value.items} />
            ) : (
              <EmptyState title="No transaction yet">
                Votes and transfers appear here once they are in a block.
              </EmptyState>
            )}
          </Panel>
        </div>
      </div>
    </>
  )
}
