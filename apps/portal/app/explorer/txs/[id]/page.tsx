import type { TransactionView } from '@aelf/governance/domain'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FieldList } from '#features/explorer/fieldList.tsx'
import { Milestones, StatusBadge } from '#features/explorer/finality.tsx'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { Prove } from '#features/proof/prove.tsx'
import { transactionRequest } from '#features/proof/request.ts'
import { api, found } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { Address, Hash, shorten } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { EmptyState, Notice } from '#ui/notice.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Facts, PageHeader, Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

interface Props {
  params: Promise<{ id: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Transaction ${shorten((await params).id)}` }
}

export default async function TransactionPage({ params }: Props) {
  const { id } = await params
  const view = await found(api().transaction.get({ id }))
  if (view === undefined) notFound()
  const proof = transactionRequest(view)
  return (
    <>
      {view.finalized ? null : <LiveRefresh on={['head', 'finalized', 'reorganised']} />}
      <PageHeader
        crumbs={[{ href: '/explorer/txs', text: 'Transactions' }]}
        title={
          <span className="[overflow-wrap:anywhere]">
            {view.intent === '' ? `Transaction ${shorten(view.id)}` : view.intent}
          </span>
        }
        aside={<StatusBadge status={view.status} />}
      />
      <StatusNotice view={view} />
      {view.height === undefined ? null : (
        <div className="mb-6">
          <Milestones view={view} />
        </div>
      )}
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
        <Panel
          id="facts"
          title="What happened"
          flush
          aside={
            <span className="flex flex-wrap items-center gap-x-3">
              {proof === undefined ? null : <Prove request={proof} />}
              <AsOf asOf={view.asOf} />
            </span>
          }
        >
          <Facts items={facts(view)} />
        </Panel>
        <div className="grid grid-cols-1 gap-6">
          <Panel
            id="arguments"
            title="Call"
            note={
              <span className="font-mono text-[0.8125rem]" translate="no">
                {view.signature}
              </span>
            }
          >
            {view.args.length === 0 ? (
              <p className="text-sm text-ink-3">This method takes no arguments.</p>
            ) : (
              <FieldList fields={view.args} />
            )}
          </Panel>
          <Panel id="events" title="Events">
            {view.events.length === 0 ? (
              <p className="text-sm text-ink-3">No event was emitted.</p>
            ) : (
              <ol className="space-y-5">
                {view.events.map((event) => (
                  <li key={event.index}>
                    <p
                      className="mb-2 font-mono text-sm font-medium"
                      translate="no"
                    >{`${event.contractName}.${event.name}`}</p>
                    <FieldList fields={event.fields} />
                  </li>
                ))}
              </ol>
            )}
          </Panel>
        </div>
      </div>
      {view.envelope === undefined ? null : (
        <details className="panel mt-6">
          <summary className="flex min-h-12 items-center px-5 font-medium">Signed bytes</summary>
          <p className="border-t border-line p-5 font-mono text-xs break-all text-ink-2" translate="no">
            {view.envelope}
          </p>
        </details>
      )}
    </>
  )
}

function StatusNotice({ view }: { view: TransactionView }) {
  if (view.status === 'failed')
    return (
      <Notice
        kind="error"
        className="mb-6"
        title="The contract refused this call; only the fee was charged."
        code={view.error?.code ?? view.errorCode}
      >
        {view.error?.help}
      </Notice>
    )
  if (view.status === 'pending')
    return (
      <Notice className="mb-6" title="Waiting for a producer to put it in a block.">
        It expires by itself once its mark is more than 64 blocks old.
      </Notice>
    )
  if (view.status === 'expired')
    return (
      <Notice kind="warn" className="mb-6" title="Expired before it was included.">
        Nothing was charged. The browser that signed it can rebuild it: open “Transactions” there and sign again.
      </Notice>
    )
  if (view.status === 'unknown')
    return (
      <EmptyState title="This node does not know the transaction">
        It may not have reached this network, or it expired long ago.
      </EmptyState>
    )
  return null
}

function facts(view: TransactionView) {
  return [
    { label: 'Transaction id', value: <Hash value={view.id} head={14} tail={10} label="transaction id" /> },
    { label: 'From', value: <Address address={view.from} copy /> },
    {
      label: 'Contract',
      value: (
        <Link
          href={`/explorer/contracts/${view.contractName}`}
          className="link font-mono text-sm"
          translate="no"
        >{`${view.contractName}.${view.method}`}</Link>
      ),
    },
    ...(view.height === undefined
      ? []
      : [
          {
            label: 'Block',
            value: (
              <span>
                <Link href={`/explorer/blocks/${view.height}`} className="link num">
                  {formatInteger(view.height)}
                </Link>
                <span className="num text-ink-2">{` · place ${view.index ?? 0} · ${formatInteger(view.confirmations)} confirmations`}</span>
              </span>
            ),
          },
        ]),
    ...(view.timeMs === undefined ? [] : [{ label: 'Time', value: <Time at={view.timeMs} mode="both" /> }]),
    {
      label: 'Fee',
      value: (
        <span className="flex flex-wrap items-center gap-x-3">
          <Amount units={view.fee} />
          {view.feeLimit === undefined ? null : (
            <span className="text-sm text-ink-3">
              limit <Amount units={view.feeLimit} />
            </span>
          )}
        </span>
      ),
    },
    ...(view.refHeight === undefined
      ? []
      : [
          {
            label: 'Mark',
            value: (
              <span>
                <Link
                  href={`/explorer/blocks/${view.refHeight}`}
                  className="link num"
                >{`Block ${formatInteger(view.refHeight)}`}</Link>
                <span className="font-mono text-sm text-ink-3" translate="no">{` ${view.refHash ?? ''}`}</span>
              </span>
            ),
          },
        ]),
    ...(view.nonce === undefined
      ? []
      : [
          {
            label: 'Nonce',
            value: (
              <span className="font-mono text-sm" translate="no">
                {view.nonce}
              </span>
            ),
          },
        ]),
  ]
}
