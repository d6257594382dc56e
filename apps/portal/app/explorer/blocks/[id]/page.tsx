import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FinalityBadge } from '#features/explorer/finality.tsx'
import { TransactionTable } from '#features/explorer/transactionTable.tsx'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { Prove } from '#features/proof/prove.tsx'
import { headerRequest } from '#features/proof/request.ts'
import { api, found } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { ButtonLink } from '#ui/button.tsx'
import { Address, Hash } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Facts, PageHeader, Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

interface Props {
  params: Promise<{ id: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params
  return { title: /^\d+$/.test(id) ? `Block ${formatInteger(BigInt(id))}` : 'Block' }
}

export default async function BlockPage({ params }: Props) {
  const { id } = await params
  const block = await found(api().block.get({ id: decodeURIComponent(id) }))
  if (block === undefined) notFound()
  return (
    <>
      {block.finalized ? null : <LiveRefresh on={['head', 'finalized', 'reorganised']} />}
      <PageHeader
        crumbs={[{ href: '/explorer/blocks', text: 'Blocks' }]}
        title={
          <span className="flex flex-wrap items-center gap-3">
            <span>{`Block ${formatInteger(block.height)}`}</span>
            <FinalityBadge finalized={block.finalized} />
          </span>
        }
        lead={<Time at={block.timeMs} mode="both" />}
        aside={
          <>
            {block.height > 0n ? (
              <ButtonLink href={`/explorer/blocks/${block.height - 1n}`} size="small">
                <ChevronLeft size={16} aria-hidden="true" />
                <span>Previous</span>
              </ButtonLink>
            ) : null}
            {block.nextHash === undefined ? null : (
              <ButtonLink href={`/explorer/blocks/${block.height + 1n}`} size="small">
                <span>Next</span>
                <ChevronRight size={16} aria-hidden="true" />
              </ButtonLink>
            )}
          </>
        }
      />
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
        <Panel id="block" title="Block" flush aside={<AsOf asOf={block.asOf} />}>
          <Facts
            items={[
              {
                label: 'Producer',
                value: (
                  <Address address={block.producer} name={block.producerName} href={`/delegates/${block.producer}`} />
                ),
              },
              {
                label: 'Round and slot',
                value: (
                  <span>
                    <Link
                      href={`/rounds/${block.round}`}
                      className="link num"
                    >{`Round ${formatInteger(block.round)}`}</Link>
                    <span className="num text-ink-2">{` · ${block.isExtra ? 'extra slot' : block.index === undefined ? 'slot' : `slot ${block.index + 1}`} · grid slot ${formatInteger(block.slot)}`}</span>
                  </span>
                ),
              },
              {
                label: 'Term',
                value: <Link href={`/terms/${block.term}`} className="link num">{`Term ${block.term}`}</Link>,
              },
              { label: 'Transactions', value: <span className="num">{formatInteger(block.transactionCount)}</span> },
              { label: 'Fees', value: <Amount units={block.fees} /> },
              { label: 'Size', value: <span className="num">{`${formatInteger(block.size)} bytes`}</span> },
              { label: 'Confirmations', value: <span className="num">{formatInteger(block.confirmations)}</span> },
            ]}
          />
        </Panel>
        <Panel id="header" title="Header" flush aside={<Prove request={headerRequest(block)} />}>
          <Facts
            items={[
              { label: 'Hash', value: <Hash value={block.hash} head={14} tail={10} label="block hash" /> },
              {
                label: 'Parent',
                value: (
                  <Hash
                    value={block.parentHash}
                    href={`/explorer/blocks/${block.parentHash}`}
                    head={14}
                    tail={10}
                    label="parent hash"
                  />
                ),
              },
              { label: 'State root', value: <Hash value={block.stateRoot} head={14} tail={10} label="state root" /> },
              {
                label: 'Transaction root',
                value: <Hash value={block.transactionRoot} head={14} tail={10} label="transaction root" />,
              },
              {
                label: 'Receipt root',
                value: <Hash value={block.receiptRoot} head={14} tail={10} label="receipt root" />,
              },
              {
                label: 'Side-chain index root',
                value: <Hash value={block.indexRoot} head={14} tail={10} label="index root" />,
              },
              ...(block.reveal === undefined
                ? []
                : [
                    {
                      label: 'Revealed value',
                      value: <Hash value={block.reveal} head={14} tail={10} label="revealed value" />,
                    },
                  ]),
              { label: 'Prevoted height', value: <span className="num">{formatInteger(block.prevotedHeight)}</span> },
              ...(block.signal === undefined
                ? []
                : [
                    {
                      label: 'Upgrade signal',
                      value: (
                        <Hash
                          value={block.signal}
                          head={14}
                          tail={10}
                          href={`/upgrades/${block.signal}`}
                          label="signal"
                        />
                      ),
                    },
                  ]),
            ]}
          />
        </Panel>
      </div>
      <Panel id="transactions" title="Transactions" flush className="mt-6">
        {block.transactions.length === 0 ? (
          <EmptyState title="An empty block">
            Producers make a block in their slot even when nobody sent anything: it carries votes of finality.
          </EmptyState>
        ) : (
          <TransactionTable transactions={block.transactions} />
        )}
      </Panel>
    </>
  )
}
