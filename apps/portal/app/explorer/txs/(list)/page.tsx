import type { Metadata } from 'next'
import { TransactionTable } from '#features/explorer/transactionTable.tsx'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { api } from '#server/api.ts'
import { choice, param, type RawSearch } from '#server/search.ts'
import { AsOf } from '#ui/asOf.tsx'
import { FilterLinks } from '#ui/filterLinks.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { Pager } from '#ui/pager.tsx'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Transactions' }

const RESULTS = [
  { value: 'all', text: 'All' },
  { value: 'success', text: 'Succeeded' },
  { value: 'failed', text: 'Failed' },
] as const

export default async function TransactionsPage({ searchParams }: { searchParams: Promise<RawSearch> }) {
  const search = await searchParams
  const cursor = param(search, 'cursor')
  const contract = param(search, 'contract')
  const method = param(search, 'method')
  const result = choice(search, 'result', ['all', 'success', 'failed'], 'all')
  const transactions = await api().transaction.list({
    cursor,
    contract,
    method,
    status: result === 'all' ? undefined : result,
    limit: 25,
  })
  return (
    <>
      {cursor === undefined ? <LiveRefresh on={['head', 'reorganised']} /> : null}
      <PageHeader
        title="Transactions"
        lead={contract === undefined ? undefined : `Calls of ${contract}${method === undefined ? '' : `.${method}`}`}
        aside={<AsOf asOf={transactions.asOf} />}
      />
      <div className="mb-4">
        <FilterLinks
          label="Result"
          path="/explorer/txs"
          name="result"
          current={result}
          fallback="all"
          options={RESULTS}
          query={{ contract, method }}
        />
      </div>
      <div className="panel">
        {transactions.items.length === 0 ? (
          <EmptyState title="Nothing matches">No transaction with this filter is in a block yet.</EmptyState>
        ) : (
          <TransactionTable transactions={transactions.items} />
        )}
        <Pager
          path="/explorer/txs"
          query={{ contract, method, result: result === 'all' ? undefined : result }}
          cursor={cursor}
          nextCursor={transactions.nextCursor}
        />
      </div>
    </>
  )
}
