import type { BalanceView } from '@aelf/governance/domain'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DelegateStatusBadge } from '#features/delegate/statusBadge.tsx'
import { ActivityTable } from '#features/explorer/transactionTable.tsx'
import { Prove } from '#features/proof/prove.tsx'
import { balanceRequest } from '#features/proof/request.ts'
import { PositionTable } from '#features/stake/positionTable.tsx'
import { api, found } from '#server/api.ts'
import { param, type RawSearch } from '#server/search.ts'
import { AsOf } from '#ui/asOf.tsx'
import { Badge } from '#ui/badge.tsx'
import { DataTable } from '#ui/dataTable.tsx'
import { CopyButton } from '#ui/identity/copyButton.tsx'
import { shorten } from '#ui/identity/hash.tsx'
import { Identicon } from '#ui/identity/identicon.tsx'
import { Link } from '#ui/link.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { Amount, Weight } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Pager } from '#ui/pager.tsx'
import { PageHeader, Panel, Stat } from '#ui/panel.tsx'

interface Props {
  params: Promise<{ address: string }>
  searchParams: Promise<RawSearch>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Account ${shorten((await params).address)}` }
}

export default async function AccountPage({ params, searchParams }: Props) {
  const { address } = await params
  const cursor = param(await searchParams, 'cursor')
  const [account, activity] = await Promise.all([
    found(api().account.get({ address })),
    found(api().transaction.byAccount({ address, cursor, limit: 20 })),
  ])
  if (account === undefined) notFound()
  const path = `/explorer/accounts/${account.address}`
  return (
    <>
      <PageHeader
        crumbs={[{ href: '/explorer', text: 'Explorer' }]}
        title={
          <span className="flex items-center gap-3">
            <Identicon address={account.address} size={40} />
            <span>{account.contractName ?? account.delegate?.name ?? 'Account'}</span>
          </span>
        }
        lead={
          <span className="inline-flex items-center gap-1 font-mono text-sm break-all" translate="no">
            <span>{account.address}</span>
            <CopyButton value={account.address} label="address" />
          </span>
        }
        aside={
          <>
            {account.delegate === undefined ? null : (
              <Link href={`/delegates/${account.address}`} className="inline-flex min-h-6">
                <DelegateStatusBadge status={account.delegate.status} />
              </Link>
            )}
            {account.contractName === undefined ? null : <Badge tone="brand">System contract</Badge>}
            <AsOf asOf={account.asOf} />
          </>
        }
      />
      <dl className="panel mb-6 grid grid-cols-2 gap-x-6 gap-y-5 p-5 lg:grid-cols-4">
        <Stat
          label="Available"
          note={<Prove request={balanceRequest(account.address, account.elf.available, account)} />}
        >
          <Amount units={account.elf.available} />
        </Stat>
        <Stat label="Locked">
          <Amount units={account.elf.locked} />
        </Stat>
        <Stat label="Voting weight" note="amount × lock multiplier">
          <Weight units={account.votingWeight} />
        </Stat>
        <Stat
          label="Transactions"
          note={account.firstSeen === undefined ? 'never seen' : `since block ${formatInteger(account.firstSeen)}`}
        >
          {formatInteger(account.transactionCount)}
        </Stat>
      </dl>
      {account.balances.length > 1 ? (
        <Panel id="balances" title="Tokens" flush className="mb-6">
          <Balances balances={account.balances} />
        </Panel>
      ) : null}
      {account.positions.length > 0 ? (
        <Panel id="positions" title="Locked positions" flush className="mb-6">
          <PositionTable positions={account.positions} />
        </Panel>
      ) : null}
      <Panel id="activity" title="Activity" flush>
        {activity === undefined || activity.items.length === 0 ? (
          <EmptyState title="Nothing yet">
            {account.exists
              ? 'No transaction of this account is indexed.'
              : 'This address has never been used on this chain.'}
          </EmptyState>
        ) : (
          <ActivityTable activities={activity.items} />
        )}
        <Pager path={path} cursor={cursor} nextCursor={activity?.nextCursor} />
      </Panel>
    </>
  )
}

function Balances({ balances }: { balances: readonly BalanceView[] }) {
  return (
    <DataTable
      caption="Balances"
      rows={balances}
      rowKey={(balance) => balance.symbol}
      columns={[
        {
          id: 'symbol',
          head: 'Token',
          label: false,
          wide: true,
          cell: (balance) => (
            <span className="font-medium" translate="no">
              {balance.symbol}
            </span>
          ),
        },
        {
          id: 'available',
          head: 'Available',
          align: 'end',
          cell: (balance) => <Amount units={balance.available} symbol={balance.symbol} />,
        },
        {
          id: 'locked',
          head: 'Locked',
          align: 'end',
          cell: (balance) => <Amount units={balance.locked} symbol={balance.symbol} />,
        },
        {
          id: 'total',
          head: 'Total',
          align: 'end',
          cell: (balance) => <Amount units={balance.total} symbol={balance.symbol} />,
        },
      ]}
    />
  )
}
