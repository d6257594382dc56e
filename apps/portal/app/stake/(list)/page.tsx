import type { Metadata } from 'next'
import { Suspense } from 'react'
import { MyPositions } from '#features/stake/myPositions.tsx'
import { ButtonLink } from '#ui/button.tsx'
import { SkeletonRows } from '#ui/notice.tsx'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Stake' }

export default function StakePage() {
  return (
    <>
      <PageHeader
        title="Stake"
        lead="Your locks, what they vote for, and the day each one opens."
        aside={
          <ButtonLink href="/stake/new" kind="primary">
            Lock and vote
          </ButtonLink>
        }
      />
      <Suspense
        fallback={
          <div className="panel">
            <SkeletonRows rows={5} />
          </div>
        }
      >
        <MyPositions />
      </Suspense>
    </>
  )
}
