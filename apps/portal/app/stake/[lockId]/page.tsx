import type { PositionChangeView } from '@aelf/governance/domain'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { Prove } from '#features/proof/prove.tsx'
import { positionRequest } from '#features/proof/request.ts'
import { LockBar } from '#features/stake/lockBar.tsx'
import { PositionActions } from '#features/stake/positionActions.tsx'
import { multiplierText, PositionStateBadge } from '#features/stake/positionTable.tsx'
import { api, found } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { Address, Hash } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { Amount, Weight } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Facts, PageHeader, Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

export const metadata: Metadata = { title: 'Locked position' }

export default async function PositionPage({ params }: { params: Promise<{ lockId: string }> }) {
  const { lockId } = await params
  const [position, ranking] = await Promise.all([
    found(api().stake.position({ lockId })),
    api().election.ranking({ limit: 1000 }),
  ])
  if (position === undefined) notFound()
  return (
    <>
      <LiveRefresh on={['head', 'reorganised']} everyMs={5000} />
      <PageHeader
        crumbs={[{ href: '/stake', text: 'Stake' }]}
        title={
          <span className="flex flex-wrap items-center gap-3">
            <Amount units={position.amount} />
            <PositionStateBadge state={position.state} />
          </span>
        }
        aside={<AsOf asOf={position.asOf} />}
      />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
        <div className="grid grid-cols-1 gap-6">
          <Panel
            id="lock"
            title="Lock"
            flush
            aside={position.state === 'withdrawn' ? null : <Prove request={positionRequest(position)} />}
          >
            <Facts
              items={[
                {
                  label: 'Votes for',
                  value: (
                    <Address
                      address={position.delegate}
                      name={position.delegateName}
                      href={`/delegates/${position.delegate}`}
                    />
                  ),
                },
                {
                  label: 'Votes',
                  value: (
                    <span>
                      <Weight units={position.weight} className="font-semibold" />
                      <span className="num ms-2 text-ink-3">{multiplierText(position.multiplierHundredths)}</span>
                    </span>
                  ),
                },
                {
                  label: 'Opens',
                  value: (
                    <LockBar
                      lockedAtMs={position.lockedAtMs}
                      unlocksAtMs={position.unlocksAtMs}
                      state={position.state}
                      tall
                    />
                  ),
                },
                { label: 'End date', value: <Time at={position.unlocksAtMs} mode="absolute" /> },
                {
                  label: 'Lock time',
                  value: <span className="num">{`${formatInteger(position.lockDays)} days`}</span>,
                },
                {
                  label: 'Locked in',
                  value: (
                    <span>
                      <Link
                        href={`/explorer/blocks/${position.lockedHeight}`}
                        className="link num"
                      >{`Block ${formatInteger(position.lockedHeight)}`}</Link>
                      <span className="text-ink-3">
                        {' · '}
                        <Time at={position.lockedAtMs} />
                      </span>
                    </span>
                  ),
                },
                { label: 'Owner', value: <Address address={position.owner} copy /> },
                {
                  label: 'Lock id',
                  value: (
                    <Hash
                      value={position.lockId}
                      href={`/explorer/txs/${position.lockId}`}
                      label="lock id"
                      head={12}
                      tail={8}
                    />
                  ),
                },
              ]}
            />
          </Panel>
          <Panel id="history" title="History" flush>
            <ol className="divide-y divide-line">
              {position.history.map((change) => (
                <Change key={change.transactionId} change={change} />
              ))}
            </ol>
          </Panel>
        </div>
        <div className="panel">
          <PositionActions position={position} ranking={ranking} />
        </div>
      </div>
    </>
  )
}

const CHANGES = {
  vote: 'Locked and voted',
  change: 'Moved the vote',
  extend: 'Extended',
  withdraw: 'Withdrawn',
} as const

function Change({ change }: { change: PositionChangeView }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3 text-sm">
      <span className="font-medium">{CHANGES[change.kind]}</span>
      <span className="text-ink-2">
        <Weight units={change.weight} />
        <span> votes</span>
      </span>
      <Link href={`/explorer/txs/${change.transactionId}`} className="link">
        Transaction
      </Link>
      <Time at={change.timeMs} className="ms-auto text-ink-3" />
    </li>
  )
}
