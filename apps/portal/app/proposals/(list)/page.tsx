import type { ProposalStatus } from '@aelf/governance/domain'
import type { Metadata } from 'next'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { ProposalBoard } from '#features/proposal/proposalBoard.tsx'
import { STATUS_WORDS } from '#features/proposal/words.ts'
import { api } from '#server/api.ts'
import { choice, param, type RawSearch } from '#server/search.ts'
import { AsOf } from '#ui/asOf.tsx'
import { ButtonLink } from '#ui/button.tsx'
import { FilterLinks } from '#ui/filterLinks.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Pager } from '#ui/pager.tsx'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Proposals' }

const SHOWN = ['all', 'open', 'approved', 'rejected', 'withdrawn', 'expired'] as const

export default async function ProposalsPage({ searchParams }: { searchParams: Promise<RawSearch> }) {
  const raw = await searchParams
  const show = choice(raw, 'show', SHOWN, 'all')
  const cursor = param(raw, 'cursor')
  const list = await api().proposal.list({ status: show === 'all' ? undefined : show, cursor, limit: 30 })
  const all = Object.values(list.counts).reduce((sum, count) => sum + count, 0)
  const option = (value: ProposalStatus) => ({
    value,
    text: `${STATUS_WORDS[value]} ${formatInteger(list.counts[value])}`,
  })
  return (
    <>
      <LiveRefresh on={['head', 'reorganised']} everyMs={5000} />
      <PageHeader
        title="Proposals"
        aside={<ButtonLink href="/proposals/new">New proposal</ButtonLink>}
        lead="The foundation submits source code and says what it does. Delegates review it. More than two thirds of the producers of that term approve it."
      />
      <div className="mb-4">
        <FilterLinks
          label="Show"
          path="/proposals"
          name="show"
          current={show}
          fallback="all"
          options={[
            { value: 'all', text: `All ${formatInteger(all)}` },
            ...SHOWN.slice(1).map((one) => option(one as ProposalStatus)),
          ]}
        />
      </div>
      {list.items.length === 0 ? (
        <div className="panel">
          <EmptyState
            title={
              show === 'all' ? 'Nothing has been proposed yet' : `No proposal is ${STATUS_WORDS[show].toLowerCase()}`
            }
            action={
              show === 'all' ? undefined : (
                <ButtonLink href="/proposals" size="small">
                  Show all proposals
                </ButtonLink>
              )
            }
          >
            Members of the foundation submit proposals with their text and source archive.
          </EmptyState>
        </div>
      ) : (
        <ProposalBoard proposals={list.items} nowMs={list.nowMs} />
      )}
      <Pager
        path="/proposals"
        query={{ show: show === 'all' ? undefined : show }}
        cursor={cursor}
        nextCursor={list.nextCursor}
      />
      <div className="mt-4">
        <AsOf asOf={list.asOf} />
      </div>
    </>
  )
}
