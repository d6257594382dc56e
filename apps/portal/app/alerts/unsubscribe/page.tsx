import type { Metadata } from 'next'
import { LinkPress } from '#features/alerts/linkPress.tsx'
import { param, type RawSearch } from '#server/search.ts'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'End alerts', robots: { index: false } }

export default async function UnsubscribePage({ searchParams }: { searchParams: Promise<RawSearch> }) {
  const search = await searchParams
  return (
    <>
      <PageHeader title="End alerts" lead="Nothing more is sent to this mailbox after one press." />
      <LinkPress action="stop" channel={param(search, 'channel') ?? ''} token={param(search, 'token') ?? ''} />
    </>
  )
}
