import type { TransactionSummary } from '@aelf/governance/domain'
import { Link } from '#ui/link.tsx'
import { Time } from '#ui/time/time.tsx'
import { StatusBadge } from './finality.tsx'
import { headline } from './transactionTable.tsx'

/** The newest transactions as sentences, for a narrow place. */
export function TransactionFeed({ transactions }: { transactions: readonly TransactionSummary[] }) {
  return (
    <ul className="divide-y divide-line">
      {transactions.map((transaction) => (
        <li key={transaction.id} className="px-5 py-3">
          <Link
            href={`/explorer/txs/${transaction.id}`}
            className="line-clamp-2 text-[0.9375rem] font-medium [overflow-wrap:anywhere] hover:underline"
          >
            {headline(transaction)}
          </Link>
          <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3">
            <StatusBadge status={transaction.status} />
            <span className="font-mono" translate="no">{`${transaction.contractName}.${transaction.method}`}</span>
            {transaction.timeMs === undefined ? null : <Time at={transaction.timeMs} className="ms-auto" />}
          </div>
        </li>
      ))}
    </ul>
  )
}
