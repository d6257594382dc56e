import type { Metadata } from 'next'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { StakeComposer } from '#features/stake/composer/composer.tsx'
import { api } from '#server/api.ts'
import { param, type RawSearch } from '#server/search.ts'
import { AsOf } from '#ui/asOf.tsx'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Lock and vote' }

/** Prefilled from the address (`?delegate=…&amount=…&lock=…`); never opens a wallet by itself. */
export default async function NewStakePage({ searchParams }: { searchParams: Promise<RawSearch> }) {
  const search = await searchParams
  const ranking = await api().election.ranking({ limit: 1000 })
  const wanted = param(search, 'delegate')?.toLowerCase()
  const delegate = ranking.entries.find((entry) => entry.address === wanted)?.address
  const amount = param(search, 'amount')
  const days = Number(param(search, 'lock'))
  return (
    <>
      <LiveRefresh on={['round', 'term', 'reorganised']} everyMs={8000} />
      <PageHeader
        crumbs={[{ href: '/stake', text: 'Stake' }]}
        title="Lock and vote"
        lead="See what your votes change before you sign anything."
        aside={<AsOf asOf={ranking.asOf} />}
      />
      <StakeComposer
        ranking={ranking}
        termEndsAtMs={ranking.termEndsAtMs}
        initial={{
          ...(delegate === undefined ? {} : { delegate }),
          ...(amount !== undefined && /^[\d.,]{1,24}$/.test(amount) ? { amount } : {}),
          ...(Number.isInteger(days) && days >= 90 && days <= 1080 ? { days } : {}),
        }}
      />
    </>
  )
}
