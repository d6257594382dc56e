import type { Metadata } from 'next'
import { LinkPress } from '#features/alerts/linkPress.tsx'
import { param, type RawSearch } from '#server/search.ts'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Confirm an address', robots: { index: false } }

export default async function ConfirmPage({ searchParams }: { searchParams: Promise<RawSearch> }) {
  const search = await searchParams
  return (
    <>
      <PageHeader title="Confirm an address" lead="Alerts are sent only to mailboxes whose owner said yes." />
      <LinkPress action="confirm" channel={param(search, 'channel') ?? ''} token={param(search, 'token') ?? ''} />
    </>
  )
}
