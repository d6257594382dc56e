import type { Metadata } from 'next'
import { DelegateTable } from '#features/delegate/delegateTable.tsx'
import { SearchField } from '#features/delegate/searchField.tsx'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { api } from '#server/api.ts'
import { choice, param, type RawSearch } from '#server/search.ts'
import { AsOf } from '#ui/asOf.tsx'
import { ButtonLink } from '#ui/button.tsx'
import { FilterLinks } from '#ui/filterLinks.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { Weight } from '#ui/number/amount.tsx'
import { Pager } from '#ui/pager.tsx'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Delegates' }

const SORTS = ['rank', 'weight', 'commission', 'uptime', 'voters', 'name'] as const
const FILTERS = [
  { value: 'all', text: 'All' },
  { value: 'producers', text: 'Producing now' },
  { value: 'elected', text: 'Elected next' },
  { value: 'candidates', text: 'Candidates' },
] as const

export default async function DelegatesPage({ searchParams }: { searchParams: Promise<RawSearch> }) {
  const raw = await searchParams
  const sort = choice(raw, 'sort', SORTS, 'rank')
  const filter = choice(raw, 'show', ['all', 'producers', 'elected', 'candidates'], 'all')
  const search = param(raw, 'q')
  const cursor = param(raw, 'cursor')
  const list = await api().delegate.list({ sort, filter, search, cursor, limit: 50 })
  const query = { show: filter === 'all' ? undefined : filter, q: search }
  return (
    <>
      <LiveRefresh on={['round', 'term', 'reorganised']} />
      <PageHeader
        title="Delegates"
        lead={
          <span>
            <span>{`${list.total} delegates compete for ${list.seats} seats. `}</span>
            <span>The last seat stands at </span>
            <Weight units={list.cutLineWeight} className="font-medium text-ink" />
            <span> votes.</span>
          </span>
        }
        aside={
          <ButtonLink href="/stake/new" kind="primary">
            Vote for a delegate
          </ButtonLink>
        }
      />
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <FilterLinks
          label="Show"
          path="/delegates"
          name="show"
          current={filter}
          fallback="all"
          options={FILTERS}
          query={{ sort: sort === 'rank' ? undefined : sort, q: search }}
        />
        <SearchField
          action="/delegates"
          value={search}
          keep={{ show: query.show, sort: sort === 'rank' ? undefined : sort }}
        />
      </div>
      <div className="panel">
        {list.items.length === 0 ? (
          <EmptyState
            title={search === undefined ? 'No delegates here yet' : `No delegate matches “${search}”`}
            action={
              <ButtonLink href="/delegates" size="small">
                Show all delegates
              </ButtonLink>
            }
          >
            Anyone can register by locking the deposit of 100,000 ELF.
          </EmptyState>
        ) : (
          <DelegateTable delegates={list.items} sort={sort} query={query} />
        )}
        <Pager
          path="/delegates"
          query={{ ...query, sort: sort === 'rank' ? undefined : sort }}
          cursor={cursor}
          nextCursor={list.nextCursor}
          older="More"
          first="First page"
        />
      </div>
      <div className="mt-4">
        <AsOf asOf={list.asOf} />
      </div>
    </>
  )
}
