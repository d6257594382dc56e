import type { UpgradeView } from '@aelf/governance/domain'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Facts } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'
import { CollectionHash, ProposalLinks } from './collectionLink.tsx'

const Block = ({ height }: { height: bigint }) => (
  <Link href={`/explorer/blocks/${height}`} className="link num">{`Block ${formatInteger(height)}`}</Link>
)

/** What is known of a collection apart from the counts. */
export function UpgradeFacts({ view }: { view: UpgradeView }) {
  const { hash, proposals, signalled, era } = view
  return (
    <Facts
      items={[
        { label: 'Hash of the bundle', value: <CollectionHash hash={hash} linked={false} /> },
        { label: 'Proposals', value: <ProposalLinks proposals={proposals} none="No proposal asks for it" /> },
        ...(signalled === undefined
          ? []
          : [
              {
                label: 'Signalled',
                value: (
                  <span>
                    <span>{`by ${formatInteger(signalled.blocks)} blocks in all, first `}</span>
                    <Block height={signalled.first} />
                    <span>, last </span>
                    <Block height={signalled.last} />
                  </span>
                ),
              },
            ]),
        ...(era === undefined
          ? []
          : [
              {
                label: era.calledOff ? 'Called off in' : 'First block',
                value: (
                  <span>
                    {era.sinceMs === undefined ? (
                      <span className="num">{`${formatInteger(era.since)}, the next one`}</span>
                    ) : (
                      <>
                        <Block height={era.since} />
                        <span>{' · '}</span>
                        <Time at={era.sinceMs} mode="both" />
                      </>
                    )}
                  </span>
                ),
              },
            ]),
      ]}
    />
  )
}
