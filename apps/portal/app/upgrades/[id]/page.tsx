import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { Prove } from '#features/proof/prove.tsx'
import { currentCollectionRequest, successorRequest } from '#features/proof/request.ts'
import { Behind } from '#features/upgrade/behind.tsx'
import { CountPanel } from '#features/upgrade/countPanel.tsx'
import { FeedLinks } from '#features/upgrade/feedLinks.tsx'
import { Readiness } from '#features/upgrade/readiness.tsx'
import { SignalStrip } from '#features/upgrade/signalStrip.tsx'
import { StageBadge } from '#features/upgrade/stageBadge.tsx'
import { StepLog } from '#features/upgrade/stepLog.tsx'
import { UpgradeFacts } from '#features/upgrade/upgradeFacts.tsx'
import { api, found } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { shorten } from '#ui/identity/hash.tsx'
import { PageHeader, Panel } from '#ui/panel.tsx'

interface Props {
  params: Promise<{ id: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Upgrade ${shorten((await params).id, 10, 6)}` }
}

export default async function UpgradePage({ params }: Props) {
  const { id } = await params
  const view = await found(api().upgrade.get({ id }))
  if (view === undefined) notFound()
  const { hash, stage, rule, strip, candidate, proposals, log } = view
  const runs = stage === 'inForce'
  return (
    <>
      <LiveRefresh on={['head', 'reorganised']} everyMs={2500} />
      <PageHeader
        crumbs={[{ href: '/upgrades', text: 'Upgrades' }]}
        title={
          <span className="flex flex-wrap items-center gap-3">
            <span className="[overflow-wrap:anywhere]" translate="no">
              {proposals[0]?.title ?? shorten(hash, 10, 6)}
            </span>
            <StageBadge stage={stage} />
          </span>
        }
        aside={<AsOf asOf={view.asOf} />}
      />
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
        <div className="grid min-w-0 grid-cols-1 gap-6">
          <Panel
            id="facts"
            title="The collection"
            flush
            aside={
              candidate === undefined ? (
                runs ? (
                  <Prove request={currentCollectionRequest(hash, view)} />
                ) : null
              ) : (
                <Prove request={successorRequest(candidate, view)} />
              )
            }
          >
            <UpgradeFacts view={view} />
          </Panel>
          {runs ? null : (
            <Panel
              id="signals"
              title={`The last ${rule.window} blocks`}
              note="What each signals, and the line that locks it in"
            >
              <SignalStrip strip={strip} rule={rule} />
            </Panel>
          )}
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-6">
          {candidate === undefined ? null : <CountPanel candidate={candidate} rule={rule} log={log} />}
          <StepLog log={log} />
        </div>
      </div>
      <div className="mt-6 grid grid-cols-1 gap-6">
        <Readiness view={view} />
        <Behind hash={hash} stage={stage} />
      </div>
      <FeedLinks />
    </>
  )
}
