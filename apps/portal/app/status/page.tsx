import type { StatusView } from '@aelf/governance/domain'
import type { Metadata } from 'next'
import { Suspense } from 'react'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { type Health, HealthRow } from '#features/network/healthRow.tsx'
import { NodesPanel } from '#features/network/nodesPanel.tsx'
import { MissPanel } from '#features/round/missList.tsx'
import { api, attempt } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { Badge } from '#ui/badge.tsx'
import { DataTable } from '#ui/dataTable.tsx'
import { EmptyState, Notice, SkeletonRows } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { PageHeader, Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

export const metadata: Metadata = { title: 'Status' }

export default async function StatusPage() {
  const outcome = await attempt(api().network.status())
  return (
    <>
      <LiveRefresh on={['head', 'reorganised']} everyMs={5000} />
      <PageHeader
        title="Status"
        lead="What this portal depends on, and how far each part can be believed right now."
        aside={outcome.ok ? <AsOf asOf={outcome.value.asOf} /> : null}
      />
      {outcome.ok ? (
        <Parts status={outcome.value} />
      ) : (
        <Notice kind="error" title="The portal can’t read its own state" code={outcome.message}>
          Its database is probably not reachable. The chain itself is not affected.
        </Notice>
      )}
      <div className="mt-6 space-y-6">
        <Suspense fallback={<HealthSkeleton />}>
          <HealthPanels />
        </Suspense>
      </div>
    </>
  )
}

/** Asks every configured node, each with a short limit; the rest of the page does not wait for them. */
async function HealthPanels() {
  const health = await attempt(api().network.health())
  if (!health.ok)
    return (
      <Notice kind="error" title="The nodes could not be compared" code={health.message}>
        The rest of this page does not depend on it. It is tried again with the next block.
      </Notice>
    )
  return (
    <>
      <NodesPanel nodes={health.value.nodes} />
      <MissPanel misses={health.value.misses} excluded={health.value.excluded} />
    </>
  )
}

const HealthSkeleton = () => (
  <div className="panel">
    <SkeletonRows rows={4} />
  </div>
)

const NODE_HEALTH: Record<StatusView['node']['state'], Health> = { ok: 'ok', stalled: 'warn', unreachable: 'bad' }
const INDEXER_HEALTH: Record<StatusView['indexer']['state'], Health> = {
  live: 'ok',
  'catching-up': 'warn',
  empty: 'warn',
  stopped: 'bad',
}
const INDEXER_TEXT: Record<StatusView['indexer']['state'], string> = {
  live: 'Following the chain',
  'catching-up': 'Catching up with the chain',
  empty: 'Nothing indexed yet',
  stopped: 'Stopped',
}

function Parts({ status }: { status: StatusView }) {
  const { node, database, indexer } = status
  return (
    <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
      <ul className="panel divide-y divide-line">
        <HealthRow name="Node" health={NODE_HEALTH[node.state]} detail={node.detail}>
          <p className="mt-1 flex flex-wrap gap-1.5">
            {node.latencyMs === undefined ? null : <Badge>{`${Math.round(node.latencyMs)} ms`}</Badge>}
            {node.version === undefined ? null : <Badge>{`version ${node.version}`}</Badge>}
            {node.nodes === undefined ? null : <Badge>{`${node.nodes} nodes`}</Badge>}
            {node.engines === undefined ? null : <Badge>{`signatures: ${node.engines.signature}`}</Badge>}
            {node.engines === undefined ? null : <Badge>{`hashes: ${node.engines.hash}`}</Badge>}
          </p>
        </HealthRow>
        <HealthRow
          name="Index"
          health={INDEXER_HEALTH[indexer.state]}
          detail={
            <span>
              <span>{INDEXER_TEXT[indexer.state]}</span>
              {indexer.height === undefined ? null : (
                <span className="num">{` · block ${formatInteger(indexer.height)}`}</span>
              )}
              {indexer.behind === undefined || indexer.behind === 0n ? null : (
                <span className="num">{` · ${formatInteger(indexer.behind)} behind`}</span>
              )}
              {indexer.updatedAtMs === undefined ? null : (
                <span>
                  {' · '}
                  <Time at={indexer.updatedAtMs} />
                </span>
              )}
            </span>
          }
        >
          <p className="mt-1 text-sm text-ink-3">
            {indexer.reorganisations === 0
              ? 'No reorganisation seen'
              : `${formatInteger(indexer.reorganisations)} reorganisations undone, the deepest ${formatInteger(indexer.deepestReorganisation)} blocks`}
          </p>
          {indexer.lastError === undefined ? null : (
            <p className="mt-1 font-mono text-xs break-all text-bad" translate="no">
              {indexer.lastError}
            </p>
          )}
        </HealthRow>
        <HealthRow
          name="Database"
          health={database.ok ? 'ok' : 'bad'}
          detail={
            database.latencyMs === undefined
              ? database.detail
              : `${database.detail} · ${Math.round(database.latencyMs)} ms`
          }
        />
      </ul>
      <Panel id="audits" title="Audits" note="The index compared with the chain, figure by figure" flush>
        {status.audits.length === 0 ? (
          <EmptyState title="No audit has run yet" />
        ) : (
          <ul className="divide-y divide-line">
            {status.audits.map((audit) => (
              <HealthRow
                key={`${audit.name}-${audit.height}`}
                name={audit.name}
                health={audit.ok ? 'ok' : 'bad'}
                detail={
                  <span>
                    <span>{audit.detail}</span>
                    <span className="num text-ink-3">{` · block ${formatInteger(audit.height)} · `}</span>
                    <Time at={audit.checkedAtMs} className="text-ink-3" />
                  </span>
                }
              />
            ))}
          </ul>
        )}
      </Panel>
      <Panel id="queues" title="Jobs" flush className="xl:col-span-2">
        {status.queues.length === 0 ? (
          <EmptyState title="No queue reports yet" />
        ) : (
          <DataTable
            caption="Job queues"
            rows={status.queues}
            rowKey={(queue) => queue.name}
            columns={[
              {
                id: 'name',
                head: 'Queue',
                label: false,
                wide: true,
                cell: (queue) => (
                  <span className="font-mono text-sm" translate="no">
                    {queue.name}
                  </span>
                ),
              },
              {
                id: 'waiting',
                head: 'Waiting',
                align: 'end',
                cell: (queue) => <span className="num">{formatInteger(queue.waiting)}</span>,
              },
              {
                id: 'active',
                head: 'Active',
                align: 'end',
                cell: (queue) => <span className="num">{formatInteger(queue.active)}</span>,
              },
              {
                id: 'delayed',
                head: 'Scheduled',
                align: 'end',
                cell: (queue) => <span className="num">{formatInteger(queue.delayed)}</span>,
              },
              {
                id: 'failed',
                head: 'Failed',
                align: 'end',
                cell: (queue) => (
                  <span className={queue.failed > 0 ? 'num font-medium text-bad' : 'num'}>
                    {formatInteger(queue.failed)}
                  </span>
                ),
              },
              {
                id: 'completed',
                head: 'Done',
                align: 'end',
                cell: (queue) => <span className="num">{formatInteger(queue.completed)}</span>,
              },
            ]}
          />
        )}
      </Panel>
    </div>
  )
}
