import type { Metadata } from 'next'
import { AsReleased } from '#features/explorer/asReleased.tsx'
import { api } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { DataTable } from '#ui/dataTable.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { PageHeader, Panel } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Contracts' }

export default async function ContractsPage() {
  const [contracts, tokens] = await Promise.all([api().contract.list(), api().token.list()])
  return (
    <>
      <PageHeader
        title="Contracts"
        lead="The rules of this chain as they run now, each method declared once."
        aside={<AsOf asOf={contracts.asOf} />}
      />
      {contracts.source === 'chain' ? null : <AsReleased />}
      <div className="panel mb-6">
        <DataTable
          caption="Contracts"
          rows={contracts.items}
          rowKey={(contract) => contract.address}
          columns={[
            {
              id: 'name',
              head: 'Contract',
              label: false,
              wide: true,
              cell: (contract) => (
                <Link href={`/explorer/contracts/${contract.name}`} className="link capitalize">
                  {contract.name}
                </Link>
              ),
            },
            { id: 'address', head: 'Address', cell: (contract) => <Address address={contract.address} /> },
            {
              id: 'methods',
              head: 'Methods',
              align: 'end',
              cell: (contract) => <span className="num">{formatInteger(contract.methods)}</span>,
            },
            {
              id: 'calls',
              head: 'Calls',
              align: 'end',
              cell: (contract) => (
                <Link
                  href={`/explorer/txs?contract=${contract.name}`}
                  className="link num inline-flex min-h-6 items-center"
                >
                  {formatInteger(contract.calls)}
                </Link>
              ),
            },
          ]}
        />
      </div>
      <Panel id="tokens" title="Tokens" flush>
        <DataTable
          caption="Tokens"
          rows={tokens.items}
          rowKey={(token) => token.symbol}
          columns={[
            {
              id: 'symbol',
              head: 'Token',
              label: false,
              wide: true,
              cell: (token) => (
                <span translate="no">
                  <span className="font-medium">{token.symbol}</span>
                  <span className="ms-2 text-ink-3">{token.name}</span>
                </span>
              ),
            },
            {
              id: 'supply',
              head: 'Supply',
              align: 'end',
              cell: (token) => <Amount units={token.supply} symbol={token.symbol} />,
            },
            {
              id: 'burned',
              head: 'Burnt',
              align: 'end',
              cell: (token) => <Amount units={token.burned} symbol={token.symbol} />,
            },
            {
              id: 'holders',
              head: 'Holders',
              align: 'end',
              cell: (token) => <span className="num">{formatInteger(token.holders)}</span>,
            },
          ]}
        />
      </Panel>
    </>
  )
}
