import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { RoundFacts } from '#features/round/roundFacts.tsx'
import { RoundStrip } from '#features/round/roundStrip.tsx'
import { api, found } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { ButtonLink } from '#ui/button.tsx'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { PageHeader, Panel } from '#ui/panel.tsx'

interface Props {
  params: Promise<{ n: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Round ${(await params).n}` }
}

export default async function RoundPage({ params }: Props) {
  const { n } = await params
  if (!/^\d{1,15}$/.test(n)) notFound()
  const round = await found(api().round.get({ number: Number(n) }))
  if (round === undefined) notFound()
  return (
    <>
      {round.isCurrent ? <LiveRefresh on={['head', 'round', 'reorganised']} everyMs={2000} /> : null}
      <PageHeader
        crumbs={[{ href: '/rounds', text: 'Rounds' }]}
        title={`Round ${formatInteger(round.number)}`}
        lead={<Link href={`/terms/${round.term}`} className="link">{`Term ${round.term}`}</Link>}
        aside={
          <>
            {round.number > 1 ? (
              <ButtonLink href={`/rounds/${round.number - 1}`} size="small">
                <ChevronLeft size={16} aria-hidden="true" />
                <span>Previous</span>
              </ButtonLink>
            ) : null}
            {round.isCurrent ? null : (
              <ButtonLink href={`/rounds/${round.number + 1}`} size="small">
                <span>Next</span>
                <ChevronRight size={16} aria-hidden="true" />
              </ButtonLink>
            )}
          </>
        }
      />
      <Panel id="slots" title="Slots" aside={<AsOf asOf={round.asOf} />}>
        <RoundStrip round={round} />
        <RoundFacts round={round} />
      </Panel>
    </>
  )
}
