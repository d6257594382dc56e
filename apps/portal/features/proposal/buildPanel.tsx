import type { ProposalContentView, ProposalView } from '@aelf/governance/domain'
import { EmptyState } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import { BuildReport, BundleCommands } from './buildReport.tsx'

/** The server's report on the archive, the bundle, and what to do with it. */
export function BuildPanel({
  proposal,
  content,
}: {
  proposal: Pick<ProposalView, 'archiveHash' | 'bundleHash'>
  content: ProposalContentView
}) {
  const { archiveHash, bundleHash } = proposal
  const { check, kept } = content
  const outcome = check?.report?.outcome
  const bundle = outcome?.kind === 'built' ? outcome.bundleHash : bundleHash
  return (
    <Panel id="build" title="Build" note="This server read and built the archive; it did not run it">
      {check === undefined ? (
        <EmptyState title="Nobody has handed in the archive">It is built as soon as it is here.</EmptyState>
      ) : (
        <BuildReport check={check} proposed={{ bundleHash }} opens={kept.includes(archiveHash)} />
      )}
      {bundle === undefined ? null : (
        <>
          {kept.includes(bundle) ? (
            <a href={`/api/content/${bundle}`} download={bundle} className="link mt-3 inline-flex min-h-6 items-center">
              Download the bundle
            </a>
          ) : null}
          <BundleCommands archiveHash={archiveHash} bundleHash={bundle} />
        </>
      )}
    </Panel>
  )
}
