import type { Metadata } from 'next'
import { ButtonLink } from '#ui/button.tsx'
import { EmptyState } from '#ui/notice.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <div className="panel mx-auto mt-10 max-w-xl">
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        title="Nothing is known under this address"
        action={
          <div className="flex gap-2">
            <ButtonLink href="/">Network</ButtonLink>
            <ButtonLink href="/explorer">Explorer</ButtonLink>
          </div>
        }
      >
        A block, transaction or account may not be indexed yet, or belong to another network. Search understands
        heights, hashes, addresses and names.
      </EmptyState>
    </div>
  )
}
