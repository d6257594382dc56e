import type { CandidateView, UpgradeRuleView, UpgradesView } from '@aelf/governance/domain'
import { CollectionHash, ProposalLinks } from './collectionLink.tsx'
import { ShareBar } from './shareBar.tsx'
import { StageBadge } from './stageBadge.tsx'

/** What the newest blocks signal, the most signalled first. */
export function SignalledList({
  signalled,
  candidate,
  rule,
}: {
  signalled: UpgradesView['signalled']
  candidate: CandidateView | undefined
  rule: UpgradeRuleView
}) {
  const listed =
    candidate === undefined || signalled.some(({ hash }) => hash === candidate.hash)
      ? signalled
      : [{ hash: candidate.hash, blocks: candidate.signals, proposals: candidate.proposals }, ...signalled]
  return (
    <ul className="divide-y divide-line">
      {listed.map(({ hash, blocks, proposals }) => (
        <li key={hash} className="px-5 py-4">
          <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
            <CollectionHash hash={hash} />
            <StageBadge stage={candidate?.hash === hash ? 'lockedIn' : 'signalled'} />
          </div>
          <ShareBar
            count={blocks}
            of={rule.window}
            line={rule.lockIn}
            text={`${blocks} of the last ${rule.window} blocks signal it, ${rule.lockIn} are needed`}
          />
          <div className="mt-2 text-sm">
            <ProposalLinks proposals={proposals} none="No proposal asks for it" />
          </div>
        </li>
      ))}
    </ul>
  )
}
