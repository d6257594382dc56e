'use client'

import type { RankingView } from '@aelf/governance/domain'
import { ActivityTable } from '#features/explorer/transactionTable.tsx'
import { useApi } from '#features/live/useApi.ts'
import { NeedsYou } from '#features/network/needsYou.tsx'
import { PositionTable } from '#features/stake/positionTable.tsx'
import { Rewards } from '#features/stake/rewards.tsx'
import { requestConnect, useSession } from '#features/wallet/session.ts'
import { useTray } from '#features/wallet/tray/store.ts'
import { TrayItem } from '#features/wallet/tray/trayItem.tsx'
import { Badge } from '#ui/badge.tsx'
import { Button, ButtonLink } from '#ui/button.tsx'
import { CopyButton } from '#ui/identity/copyButton.tsx'
import { Identicon } from '#ui/identity/identicon.tsx'
import { Link } from '#ui/link.tsx'
import { EmptyState, Notice, SkeletonRows } from '#ui/notice.tsx'
import { Amount, Weight } from '#ui/number/amount.tsx'
import { PageHeader, Panel, Stat } from '#ui/panel.tsx'

/** Everything about the connected account in one place; nothing of it is on the server before the reader connects. */
export function AccountHome({ ranking }: { ranking: Pick<RankingView, 'entries' | 'seats'> }) {
  const session = useSession()
  const address = session?.address
  const account = useApi(address === undefined ? undefined : `account:${address}`, (api) =>
    api.account.get.query({ address: address ?? '' }),
  )
  const activity = useApi(address === undefined ? undefined : `activity:${address}`, (api) =>
    api.transaction.byAccount.query({ address: address ?? '', limit: 10 }),
  )
  const mine = useTray().filter((entry) => entry.from === address)
  if (session === undefined) {
    return (
      <>
        <PageHeader title="Your account" />
        <div className="panel">
          <EmptyState
            title="Nobody is connected"
            action={
              <Button kind="primary" onClick={requestConnect}>
                Connect
              </Button>
            }
          >
            Connecting only shows your address to this page. Everything else here works without it.
          </EmptyState>
        </div>
      </>
    )
  }
  return (
    <>
      <PageHeader
        title={
          <span className="flex items-center gap-3">
            <Identicon address={session.address} size={40} />
            <span translate="no">{session.label}</span>
            {session.kind === 'demo' ? <Badge tone="warn">Demo</Badge> : null}
          </span>
        }
        lead={
          <span className="inline-flex items-center gap-1 font-mono text-sm break-all" translate="no">
            <span>{session.address}</span>
            <CopyButton value={session.address} label="address" />
          </span>
        }
        aside={
          <>
            <ButtonLink href="/me/notifications">Alerts</ButtonLink>
            <ButtonLink href={`/explorer/accounts/${session.address}`}>In the explorer</ButtonLink>
            <ButtonLink href="/stake/new" kind="primary">
              Lock and vote
            </ButtonLink>
          </>
        }
      />
      {account.state === 'failed' ? (
        <Notice
          kind="error"
          className="mb-6"
          title="Your account can’t be read now"
          code={account.message}
          action={
            <Button size="small" onClick={account.reload}>
              Try again
            </Button>
          }
        />
      ) : null}
      <dl className="panel mb-6 grid grid-cols-2 gap-x-6 gap-y-5 p-5 lg:grid-cols-4">
        <Stat label="Available">
          {account.state === 'ready' ? <Amount units={account.value.elf.available} /> : '–'}
        </Stat>
        <Stat label="Locked">{account.state === 'ready' ? <Amount units={account.value.elf.locked} /> : '–'}</Stat>
        <Stat label="Votes" note="amount × lock multiplier">
          {account.state === 'ready' ? <Weight units={account.value.votingWeight} /> : '–'}
        </Stat>
        <Stat label="Transactions">{account.state === 'ready' ? account.value.transactionCount : '–'}</Stat>
      </dl>
      <div className="mb-6 grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
        <Panel id="needs-you" title="What needs you" flush>
          <NeedsYou ranking={ranking} />
        </Panel>
        <Panel id="tray" title="Signed in this browser" flush>
          {mine.length === 0 ? (
            <EmptyState title="Nothing signed here yet" />
          ) : (
            <ul className="divide-y divide-line">
              {mine.map((entry) => (
                <TrayItem key={entry.key} entry={entry} />
              ))}
            </ul>
          )}
        </Panel>
      </div>
      <Rewards owner={session.address} className="mb-6" />
      <Panel
        id="positions"
        title="Positions"
        flush
        className="mb-6"
        aside={
          <Link href="/stake" className="link text-sm">
            All
          </Link>
        }
      >
        {account.state !== 'ready' ? (
          <SkeletonRows rows={3} />
        ) : account.value.positions.length === 0 ? (
          <EmptyState title="No lock yet" />
        ) : (
          <PositionTable positions={account.value.positions} />
        )}
      </Panel>
      <Panel id="activity" title="Activity" flush>
        {activity.state !== 'ready' ? (
          <SkeletonRows rows={4} />
        ) : activity.value.items.length === 0 ? (
          <EmptyState title="No transaction yet" />
        ) : (
          <ActivityTable activities={activity.value.items} />
        )}
      </Panel>
    </>
  )
}
