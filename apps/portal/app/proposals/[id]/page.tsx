import type { DiscussionView, ProposalContentView } from '@aelf/governance/domain'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Discussion } from '#features/discussion/discussion.tsx'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { Prove } from '#features/proof/prove.tsx'
import { proposalRequest } from '#features/proof/request.ts'
import { AdoptionBar } from '#features/proposal/adoptionBar.tsx'
import { AuditLog } from '#features/proposal/auditLog.tsx'
import { BuildPanel } from '#features/proposal/buildPanel.tsx'
import { ProposalActions } from '#features/proposal/proposalActions.tsx'
import { ProposalFacts } from '#features/proposal/proposalFacts.tsx'
import { CheckedText } from '#features/proposal/proposalText.tsx'
import { ProposalTimeline } from '#features/proposal/proposalTimeline.tsx'
import { Reviews } from '#features/proposal/reviews.tsx'
import { SourcePanel } from '#features/proposal/sourcePanel.tsx'
import { StatusBadge } from '#features/proposal/statusBadge.tsx'
import { Voters } from '#features/proposal/voters.tsx'
import { api, attempt, found, type Outcome } from '#server/api.ts'
import { param, type RawSearch } from '#server/search.ts'
import { AsOf } from '#ui/asOf.tsx'
import { PageHeader, Panel } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Proposal' }

const NOTHING_KEPT: ProposalContentView = { kept: [] }

interface Props {
  params: Promise<{ id: string }>
  searchParams: Promise<RawSearch>
}

/** The part of the discussion that an address names: from a comment on, after a cursor, or the newest. */
async function discussionOf(id: string, raw: RawSearch): Promise<Outcome<DiscussionView>> {
  const [cursor, comment] = [param(raw, 'cursor'), Number(param(raw, 'comment'))]
  const from = Number.isSafeInteger(comment) && comment > 0 ? { comment } : cursor === undefined ? {} : { cursor }
  return attempt(api().discussion.list({ proposalId: id, ...from }))
}

export default async function ProposalPage({ params, searchParams }: Props) {
  const [{ id }, raw] = await Promise.all([params, searchParams])
  const proposal = await found(api().proposal.get({ id }))
  if (proposal === undefined) notFound()
  const [content, base, discussion] = await Promise.all([
    attempt(api().proposal.content({ id })),
    attempt(api().proposal.base()),
    discussionOf(id, raw),
  ])
  const known = content.ok ? content.value : NOTHING_KEPT
  const { textHash, archiveHash, archiveBytes } = proposal
  return (
    <>
      <LiveRefresh on={['head', 'reorganised']} everyMs={5000} />
      <PageHeader
        crumbs={[{ href: '/proposals', text: 'Proposals' }]}
        title={
          <span className="flex flex-wrap items-center gap-3">
            <span className="[overflow-wrap:anywhere]" translate="no">
              {proposal.title}
            </span>
            <StatusBadge status={proposal.status} />
          </span>
        }
        aside={<AsOf asOf={proposal.asOf} />}
      />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[1fr_24rem]">
        <Panel id="adoption" title="Adoption" aside={<Prove request={proposalRequest(proposal)} />}>
          <AdoptionBar counts={proposal} tall />
          <ProposalTimeline proposal={proposal} />
        </Panel>
        {/* What can be done comes second on a phone, and beside everything else on a wide screen. */}
        <div className="panel lg:sticky lg:top-20 lg:row-span-2">
          <ProposalActions proposal={proposal} />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-6">
          <Panel id="content" title="What is proposed" flush>
            <ProposalFacts proposal={proposal} />
          </Panel>
          <Panel id="text" title="Text">
            <CheckedText hash={textHash} kept={known.kept.includes(textHash)} what="text" />
          </Panel>
          <SourcePanel
            archiveHash={archiveHash}
            archiveBytes={archiveBytes}
            kept={known.kept.includes(archiveHash)}
            base={base.ok ? base.value : undefined}
          />
          <BuildPanel proposal={proposal} content={known} />
          <Reviews reviews={proposal.reviewed} kept={known.kept} />
          <Voters voters={proposal.voters} />
          <Discussion
            view={discussion.ok ? discussion.value : undefined}
            proposalId={id}
            author={proposal.author}
            isNewest={param(raw, 'cursor') === undefined && param(raw, 'comment') === undefined}
          />
          <AuditLog log={proposal.log} />
        </div>
      </div>
    </>
  )
}
