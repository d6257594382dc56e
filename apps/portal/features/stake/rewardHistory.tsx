import type { RewardClaimView } from '@aelf/governance/domain'
import { DataTable } from '#ui/dataTable.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { Time } from '#ui/time/time.tsx'

/** Payments, newest first. A change of a vote pays too, so a payment need not be a claim. */
export function RewardHistory({ claims }: { claims: readonly RewardClaimView[] }) {
  return (
    <div className="border-t border-line">
      <h3 className="px-5 pt-4 text-sm font-semibold">Payments</h3>
      <DataTable
        dense
        caption="Rewards paid, newest first"
        rows={claims}
        rowKey={(claim) => `${claim.transactionId}-${claim.lockId ?? 'commission'}`}
        columns={[
          {
            id: 'time',
            head: 'When',
            cell: (claim) => (
              <Link href={`/explorer/txs/${claim.transactionId}`} className="link inline-flex min-h-6 items-center">
                <Time at={claim.timeMs} />
              </Link>
            ),
          },
          {
            id: 'what',
            head: 'For',
            cell: (claim) =>
              claim.lockId === undefined ? (
                'Commission'
              ) : (
                <Address address={claim.delegate} name={claim.delegateName} href={`/delegates/${claim.delegate}`} />
              ),
          },
          {
            id: 'amount',
            head: 'Amount',
            align: 'end',
            cell: (claim) => <Amount units={claim.amount} className="font-medium" />,
          },
        ]}
      />
    </div>
  )
}
