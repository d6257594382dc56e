import type { NodeReadiness, ProducerReadiness, UpgradeView } from '@aelf/governance/domain'
import { Badge } from '#ui/badge.tsx'
import { DataTable } from '#ui/dataTable.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

const Unknown = () => <span className="text-ink-3">not known</span>

/** Who signals it and who could run it: signals from headers, the rest from the nodes this portal asks. */
export function Readiness({ view }: { view: UpgradeView }) {
  const { producers, nodes, hash, current } = view
  const signalling = producers.filter(({ lastBlock }) => lastBlock?.signal === hash).length
  const note =
    hash === current
      ? 'It runs; nobody needs to signal it any more'
      : `${signalling} of ${producers.length} producers signal it in their newest block`
  return (
    <>
      <Panel id="readiness" title="Producers" note={note} flush>
        <DataTable
          caption="Readiness of the producers of this term"
          rows={producers}
          rowKey={({ producer }) => producer}
          columns={[
            {
              id: 'producer',
              head: 'Producer',
              label: false,
              wide: true,
              cell: ({ producer, name }) => <Address address={producer} name={name} href={`/delegates/${producer}`} />,
            },
            { id: 'signals', head: 'Signals', cell: (row) => <SignalCell row={row} hash={hash} current={current} /> },
            { id: 'bundle', head: 'Bundle', cell: ({ node }) => <BundleCell node={node} hash={hash} /> },
            { id: 'version', head: 'Version', cell: ({ node }) => <VersionCell node={node} /> },
            {
              id: 'seen',
              head: 'Last seen',
              align: 'end',
              cell: ({ lastBlock }) =>
                lastBlock === undefined ? (
                  <span className="text-ink-3">no block yet</span>
                ) : (
                  <span>
                    <Link href={`/explorer/blocks/${lastBlock.height}`} className="link num">
                      {formatInteger(lastBlock.height)}
                    </Link>
                    <span className="text-ink-3">
                      {' · '}
                      <Time at={lastBlock.timeMs} />
                    </span>
                  </span>
                ),
            },
          ]}
        />
        <p className="border-t border-line px-5 py-3 text-sm text-ink-3">
          What a block signals stands in its header. Bundle and version are told only by nodes this portal is configured
          to ask; of the others they are not known.
        </p>
      </Panel>
      {nodes.length === 0 ? null : (
        <Panel id="nodes" title="Nodes this portal asks" note="Those that make no blocks for a single producer" flush>
          <DataTable
            caption="Nodes this portal asks"
            rows={nodes}
            rowKey={({ name }) => name}
            columns={[
              {
                id: 'node',
                head: 'Node',
                label: false,
                wide: true,
                cell: ({ name }) => (
                  <span className="font-mono text-sm break-all" translate="no">
                    {name}
                  </span>
                ),
              },
              { id: 'bundle', head: 'Bundle', cell: (node) => <BundleCell node={node} hash={hash} /> },
              { id: 'version', head: 'Version', cell: (node) => <VersionCell node={node} /> },
            ]}
          />
        </Panel>
      )}
    </>
  )
}

function SignalCell({ row, hash, current }: { row: ProducerReadiness; hash: string; current: string }) {
  const { lastBlock } = row
  if (lastBlock === undefined) return <span className="text-ink-3">no block yet</span>
  if (lastBlock.signal === hash && hash !== current) return <Badge tone="good">Signals it</Badge>
  if (lastBlock.signal === undefined || lastBlock.signal === current) return <Badge>None</Badge>
  return <Badge tone="oppose">Another one</Badge>
}

function BundleCell({ node, hash }: { node: NodeReadiness | undefined; hash: string }) {
  if (node?.running === hash) return <Badge tone="good">Runs it</Badge>
  if (node?.installed === undefined) return <Unknown />
  return node.installed ? <Badge tone="good">Installed</Badge> : <Badge tone="bad">Missing</Badge>
}

const VersionCell = ({ node }: { node: NodeReadiness | undefined }) =>
  node?.version === undefined ? <Unknown /> : <span translate="no">{node.version}</span>
