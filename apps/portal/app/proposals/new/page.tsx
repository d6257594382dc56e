import type { Metadata } from 'next'
import { NewProposal } from '#features/proposal/newProposal.tsx'
import { api, attempt } from '#server/api.ts'
import { Notice } from '#ui/notice.tsx'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'New proposal' }

export default async function NewProposalPage() {
  const [rules, base] = await Promise.all([attempt(api().proposal.rules()), attempt(api().proposal.base())])
  return (
    <>
      <PageHeader
        crumbs={[{ href: '/proposals', text: 'Proposals' }]}
        title="New proposal"
        lead="For members of the foundation. The chain keeps the hashes of text and archive; this portal keeps the files for reviewers, who check them against the hashes."
      />
      {rules.ok ? (
        <NewProposal rules={rules.value} base={base.ok ? base.value : undefined} />
      ) : (
        <Notice kind="warn" title="The node does not answer what submitting asks for">
          Try again in a moment.
        </Notice>
      )}
    </>
  )
}
