import type { UpgradesView } from '@aelf/governance/domain'
import { Prove } from '#features/proof/prove.tsx'
import { currentCollectionRequest } from '#features/proof/request.ts'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Facts, Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'
import { CollectionHash, ProposalLinks } from './collectionLink.tsx'

/** What the chain runs now, since when, and who asked for it. */
export function CurrentPanel({ view }: { view: UpgradesView }) {
  const { current, rule } = view
  const { hash, since, sinceMs, proposals } = current
  return (
    <Panel id="current" title="What runs now" flush aside={<Prove request={currentCollectionRequest(hash, view)} />}>
      <Facts
        items={[
          { label: 'Collection', value: <CollectionHash hash={hash} /> },
          {
            label: 'Since',
            value: (
              <span>
                {sinceMs === undefined ? (
                  <span className="num">{`block ${formatInteger(since)}, the next one`}</span>
                ) : (
                  <>
                    <Link
                      href={`/explorer/blocks/${since}`}
                      className="link num"
                    >{`Block ${formatInteger(since)}`}</Link>
                    <span>{' · '}</span>
                    <Time at={sinceMs} mode="both" />
                  </>
                )}
              </span>
            ),
          },
          {
            label: 'Proposed by',
            value: (
              <ProposalLinks
                proposals={proposals}
                none={since === 0n ? 'Nobody: genesis names it' : 'No proposal names its hash'}
              />
            ),
          },
          {
            label: 'How it is replaced',
            value: (
              <span className="text-ink-2">
                {`${rule.lockIn} of the last ${rule.window} blocks signal a successor: it is locked in. ${formatInteger(rule.confirm)} blocks in a row that find this support put it in force.`}
              </span>
            ),
          },
        ]}
      />
    </Panel>
  )
}
