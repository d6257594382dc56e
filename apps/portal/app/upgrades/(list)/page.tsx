import type { Metadata } from 'next'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { CollectionHash } from '#features/upgrade/collectionLink.tsx'
import { CurrentPanel } from '#features/upgrade/currentPanel.tsx'
import { EraTable } from '#features/upgrade/eraTable.tsx'
import { FeedLinks } from '#features/upgrade/feedLinks.tsx'
import { SignalledList } from '#features/upgrade/signalledList.tsx'
import { SignalStrip } from '#features/upgrade/signalStrip.tsx'
import { api } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { PageHeader, Panel } from '#ui/panel.tsx'

export const metadata: Metadata = {
  title: 'Upgrades',
  alternates: { types: { 'application/rss+xml': '/feeds/upgrades.xml' } },
}

export default async function UpgradesPage() {
  const view = await api().upgrade.overview()
  const { rule, strip, signalled, candidate, eras, current } = view
  const nothing = signalled.length === 0 && candidate === undefined
  return (
    <>
      <LiveRefresh on={['head', 'reorganised']} everyMs={2500} />
      <PageHeader
        title="Upgrades"
        lead="All contracts of the chain are one collection. Producers signal a successor in their blocks; it takes over while the chain runs."
        aside={<AsOf asOf={view.asOf} />}
      />
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
        <div className="grid min-w-0 grid-cols-1 gap-6">
          <CurrentPanel view={view} />
          <Panel
            id="signals"
            title={`The last ${rule.window} blocks`}
            note={
              strip.shown === undefined ? (
                'What each signals, and the line that locks a successor in'
              ) : (
                <span>
                  <span>About </span>
                  <CollectionHash hash={strip.shown} />
                </span>
              )
            }
          >
            <SignalStrip strip={strip} rule={rule} />
          </Panel>
        </div>
        <Panel id="signalled" title="What is signalled" flush>
          {nothing ? (
            <EmptyState title="No successor is signalled">
              A producer signals a collection after its operator installed the bundle and chose it.
            </EmptyState>
          ) : (
            <SignalledList signalled={signalled} candidate={candidate} rule={rule} />
          )}
        </Panel>
      </div>
      <Panel
        id="eras"
        title="All that ever ran"
        note="Every collection of this chain, the newest first"
        flush
        className="mt-6"
      >
        <EraTable eras={eras} current={current.hash} />
      </Panel>
      <FeedLinks />
    </>
  )
}
