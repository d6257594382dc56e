import type { Metadata } from 'next'
import { AccountHome } from '#features/account/accountPage.tsx'
import { api } from '#server/api.ts'

export const metadata: Metadata = { title: 'Your account' }

export default async function MePage() {
  const ranking = await api().election.ranking({ limit: 1000 })
  return <AccountHome ranking={{ seats: ranking.seats, entries: ranking.entries }} />
}
