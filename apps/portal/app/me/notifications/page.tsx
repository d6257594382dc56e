import type { Metadata } from 'next'
import { AlertsPage } from '#features/alerts/alertsPage.tsx'
import { api, attempt } from '#server/api.ts'
import { param, type RawSearch } from '#server/search.ts'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Alerts' }

const DELEGATES_OFFERED = 100

export default async function NotificationsPage({ searchParams }: { searchParams: Promise<RawSearch> }) {
  const [search, outcome] = await Promise.all([
    searchParams,
    attempt(api().delegate.list({ limit: DELEGATES_OFFERED })),
  ])
  const delegates = outcome.ok ? outcome.value.items.map(({ address, name }) => ({ address, name })) : []
  return (
    <>
      <PageHeader
        crumbs={[{ href: '/me', text: 'Your account' }]}
        title="Alerts"
        lead="Be told when a delegate misses slots, is excluded, is elected or drops out, crosses the cut-line, or when finality stands still."
      />
      <AlertsPage delegates={delegates} wanted={param(search, 'delegate')} />
    </>
  )
}
