import type { Metadata } from 'next'
import { BlockTable } from '#features/explorer/blockTable.tsx'
import { TransactionFeed } from '#features/explorer/transactionFeed.tsx'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { api } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { ButtonLink } from '#ui/button.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { formatCount, formatInteger } from '#ui/number/format.ts'
import { PageHeader, Panel, Stat } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Explorer' }

export default async function ExplorerPage() {
  const caller = api()
  const [pulse, blocks, transactions, tokens] = await Promise.all([
    caller.network.pulse(),
    caller.block.list({ limit: 8 }),
    caller.transaction.list({ limit: 8 }),
    caller.token.list(),
  ])
  const native = tokens.items[0]
  return (
    <>
      <LiveRefresh on={['head', 'reorganised']} />
      <PageHeader
        title="Explorer"
        lead="Every block, transaction, account and contract of this chain."
        aside={<AsOf asOf={blocks.asOf} />}
      />
      <dl className="panel mb-6 grid grid-cols-2 gap-x-6 gap-y-5 p-5 lg:grid-cols-4">
        <Stat label="Blocks" note={`${formatInteger(pulse.height - pulse.finalizedHeight)} not yet irreversible`}>
          {formatInteger(pulse.height)}
        </Stat>
        <Stat label="Transactions" note={`${pulse.throughput.perSecond.toFixed(2)} a second lately`}>
          {formatInteger(pulse.totalTransactions)}
        </Stat>
        <Stat label="ELF locked" note={formatCount(pulse.voters, 'voter')}>
          <Amount units={pulse.totalLocked} short />
        </Stat>
        <Stat
          label={native === undefined ? 'Tokens' : 'ELF supply'}
          note={`${formatInteger(tokens.items.length)} token${tokens.items.length === 1 ? '' : 's'} on this chain`}
        >
          {native === undefined ? '–' : <Amount units={native.supply} short />}
        </Stat>
      </dl>
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
        <Panel
          id="blocks"
          title="Latest blocks"
          flush
          aside={
            <ButtonLink href="/explorer/blocks" size="small" kind="quiet">
              All blocks
            </ButtonLink>
          }
        >
          {blocks.items.length === 0 ? (
            <EmptyState title="No block yet">
              The first one appears here within seconds of the network’s start.
            </EmptyState>
          ) : (
            <BlockTable blocks={blocks.items} compact />
          )}
        </Panel>
        <Panel
          id="transactions"
          title="Latest transactions"
          flush
          aside={
            <ButtonLink href="/explorer/txs" size="small" kind="quiet">
              All transactions
            </ButtonLink>
          }
        >
          {transactions.items.length === 0 ? (
            <EmptyState title="No transaction yet">
              Votes, transfers and registrations appear here as soon as they are in a block.
            </EmptyState>
          ) : (
            <TransactionFeed transactions={transactions.items} />
          )}
        </Panel>
      </div>
    </>
  )
}
