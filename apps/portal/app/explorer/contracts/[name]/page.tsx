import type { ContractMethodView } from '@aelf/governance/domain'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AsReleased } from '#features/explorer/asReleased.tsx'
import { api, found } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { Badge } from '#ui/badge.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { PageHeader, Panel } from '#ui/panel.tsx'

interface Props {
  params: Promise<{ name: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Contract ${(await params).name}` }
}

export default async function ContractPage({ params }: Props) {
  const contract = await found(api().contract.get({ id: (await params).name }))
  if (contract === undefined) notFound()
  return (
    <>
      <PageHeader
        crumbs={[{ href: '/explorer/contracts', text: 'Contracts' }]}
        title={<span className="capitalize">{contract.name}</span>}
        lead={contract.doc}
        aside={
          <>
            <Address address={contract.address} copy />
            <AsOf asOf={contract.asOf} />
          </>
        }
      />
      {contract.source === 'chain' ? null : <AsReleased />}
      <Panel id="methods" title="Methods" note="What an account can ask this contract to do" flush>
        <ul className="divide-y divide-line">
          {contract.methods.map((method) => (
            <Method key={method.number} method={method} contract={contract.name} />
          ))}
        </ul>
      </Panel>
      <div className="mt-6 grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
        <Panel id="events" title="Events" flush>
          <ul className="divide-y divide-line">
            {contract.events.map((event) => (
              <li key={event.number} className="px-5 py-3">
                <p className="font-mono text-sm font-medium" translate="no">
                  {event.name}
                </p>
                <p className="mt-0.5 font-mono text-[0.8125rem] text-ink-3" translate="no">
                  {event.fields.map((field) => `${field.name} ${field.type}`).join(', ')}
                </p>
              </li>
            ))}
          </ul>
        </Panel>
        <Panel id="errors" title="Refusals" note="Every reason this contract can give" flush>
          <ul className="divide-y divide-line">
            {contract.errors.map((error) => (
              <li key={error.number} className="px-5 py-3">
                <p className="font-mono text-sm font-medium" translate="no">
                  {error.code}
                </p>
                <p className="mt-0.5 text-sm text-ink-2">{error.help}</p>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </>
  )
}

function Method({ method, contract }: { method: ContractMethodView; contract: string }) {
  return (
    <li className="px-5 py-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h3 className="font-mono text-[0.9375rem] font-medium" translate="no">
          {method.name}
        </h3>
        <span className="flex items-center gap-2 text-sm">
          {method.nonParallel ? <Badge tone="warn">Runs alone</Badge> : null}
          <Link
            href={`/explorer/txs?contract=${contract}&method=${method.name}`}
            className="link num inline-flex min-h-6 items-center"
          >{`${formatInteger(method.calls)} calls`}</Link>
        </span>
      </div>
      <p className="mt-1 text-ink-2">{method.doc}</p>
      <p className="mt-2 font-mono text-[0.8125rem] break-words text-ink-3" translate="no">
        {method.signature}
      </p>
      <p className="mt-1 text-sm text-ink-3">
        <span>Signed as: </span>
        <span translate="no">{`“${method.intent}”`}</span>
      </p>
    </li>
  )
}
