import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { api, found } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { cn } from '#ui/cn.ts'
import { DataTable } from '#ui/dataTable.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { PageHeader, Panel, Stat } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

interface Props {
  params: Promise<{ n: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Term ${(await params).n}` }
}

export default async function TermPage({ params }: Props) {
  const { n } = await params
  if (!/^\d{1,9}$/.test(n)) notFound()
  const term = await found(api().term.get({ term: Number(n) }))
  if (term === undefined) notFound()
  return (
    <>
      <PageHeader
        crumbs={[{ href: '/rounds', text: 'Rounds' }]}
        title={`Term ${term.term}`}
        lead={
          <span>
            <Time at={term.startsAtMs} mode="absolute" />
            <span> – </span>
            <Time at={term.endsAtMs} mode="absolute" />
          </span>
        }
        aside={<AsOf asOf={term.asOf} />}
      />
      <dl className="panel mb-6 grid grid-cols-2 gap-x-6 gap-y-5 p-5 md:grid-cols-4">
        <Stat label="Producers">{term.producers.length}</Stat>
        <Stat label="Blocks">{formatInteger(term.blocks)}</Stat>
        <Stat label="Transactions">{formatInteger(term.transactions)}</Stat>
        <Stat label="First block">
          <Link href={`/explorer/blocks/${term.startHeight}`} className="link">
            {formatInteger(term.startHeight)}
          </Link>
        </Stat>
      </dl>
      {term.income === undefined ? (
        <p className="mb-6 text-sm text-ink-2">What the term brings is known, and can be claimed, when it has ended.</p>
      ) : (
        <dl className="panel mb-6 grid grid-cols-2 gap-x-6 gap-y-5 p-5 md:grid-cols-4">
          <Stat label="Income">
            <Amount units={term.income.income} short />
          </Stat>
          <Stat label="of it fees">
            <Amount units={term.income.fees} short />
          </Stat>
          <Stat label="of it created">
            <Amount units={term.income.minted} short />
          </Stat>
          <Stat label="Shared out">
            <Amount units={term.income.shared} short />
          </Stat>
        </dl>
      )}
      <Panel id="producers" title="Producers, as elected" flush>
        <DataTable
          caption="Producers of the term"
          rows={term.producers}
          rowKey={(producer) => producer.address}
          columns={[
            { id: 'rank', head: 'Place', cell: (producer) => <span className="num font-medium">{producer.rank}</span> },
            {
              id: 'name',
              head: 'Producer',
              label: false,
              wide: true,
              cell: (producer) => (
                <Address address={producer.address} name={producer.name} href={`/delegates/${producer.address}`} />
              ),
            },
            {
              id: 'produced',
              head: 'Produced',
              align: 'end',
              cell: (producer) => <span className="num">{formatInteger(producer.produced)}</span>,
            },
            {
              id: 'missed',
              head: 'Missed',
              align: 'end',
              cell: (producer) => (
                <span className={cn('num', producer.missed > 0 && 'font-medium text-oppose')}>
                  {formatInteger(producer.missed)}
                </span>
              ),
            },
            ...(term.income === undefined
              ? []
              : [
                  {
                    id: 'income',
                    head: 'Income',
                    align: 'end' as const,
                    cell: ({ income = 0n }: (typeof term.producers)[number]) => <Amount units={income} short />,
                  },
                ]),
          ]}
        />
      </Panel>
    </>
  )
}
