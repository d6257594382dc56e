import type { NodePointView, NodesView } from '@aelf/governance/domain'
import { Badge, type Tone } from '#ui/badge.tsx'
import { cn } from '#ui/cn.ts'
import { DataTable } from '#ui/dataTable.tsx'
import { Hash } from '#ui/identity/hash.tsx'
import { Notice } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

const STATE: Record<NodePointView['state'], { readonly text: string; readonly tone: Tone }> = {
  ok: { text: 'Answers', tone: 'good' },
  stalled: { text: 'Stands still', tone: 'warn' },
  unreachable: { text: 'Unreachable', tone: 'bad' },
  otherNetwork: { text: 'Other network', tone: 'bad' },
}

/** The nodes this portal asks, and whether they tell the same story. Disagreement is shown before anything else. */
export function NodesPanel({ nodes: view }: { nodes: NodesView }) {
  const { nodes, agreement } = view
  return (
    <Panel
      id="nodes"
      title={`Nodes · ${formatInteger(nodes.length)}`}
      note="What each node this portal asks holds to be the chain"
      flush
      aside={<Time at={view.askedAtMs} mode="absolute" className="text-sm text-ink-3" />}
    >
      {agreement.state === 'conflict' ? (
        <Notice kind="error" className="m-5" title={agreement.detail} code="nodes.conflict">
          <p>{`At height ${formatInteger(agreement.height)}. Do not act on this page until it is explained: one side must be wrong.`}</p>
          <ul className="mt-2 space-y-1">
            {agreement.blocks.map((block) => (
              <li key={block.hash} className="flex flex-wrap items-center gap-x-3">
                <Hash value={block.hash} label="block hash" />
                <span className="font-mono text-xs" translate="no">
                  {block.nodes.join(', ')}
                </span>
              </li>
            ))}
          </ul>
        </Notice>
      ) : agreement.state === 'apart' ? (
        <Notice kind="warn" className="m-5" title={agreement.detail}>
          {`They hold the same block at height ${formatInteger(agreement.height)}; the one behind may still be catching up.`}
        </Notice>
      ) : (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 px-5 py-3 text-sm text-ink-2">
          <Badge tone={agreement.state === 'agree' ? 'good' : 'neutral'}>
            {agreement.state === 'agree' ? 'In agreement' : 'Not compared'}
          </Badge>
          <span>{agreement.detail}</span>
        </p>
      )}
      <div className="border-t border-line">
        <DataTable
          caption="Nodes this portal asks"
          rows={nodes}
          rowKey={(node) => node.name}
          columns={columns}
          rowClass={(node) => rowTone(node, view)}
        />
      </div>
    </Panel>
  )
}

/** A node that takes part in a conflict, or cannot be believed at all. */
const isOdd = (node: NodePointView, { agreement }: NodesView): boolean =>
  agreement.state === 'conflict' && node.comparedHash !== undefined

function rowTone(node: NodePointView, view: NodesView): string | undefined {
  if (isOdd(node, view) || node.concern?.level === 'bad') return 'bg-bad-soft'
  return node.concern === undefined ? undefined : 'bg-warn-soft'
}

const columns: Parameters<typeof DataTable<NodePointView>>[0]['columns'] = [
  {
    id: 'node',
    head: 'Node',
    label: false,
    wide: true,
    cell: (node) => (
      <span>
        <span className="font-mono text-sm break-all" translate="no">
          {node.name}
        </span>
        {node.state === 'ok' ? null : <span className="block text-sm text-ink-3">{node.detail}</span>}
        {node.concern === undefined ? null : (
          <span className={cn('block text-sm', node.concern.level === 'bad' ? 'text-bad' : 'text-warn')}>
            {node.concern.detail}
          </span>
        )}
      </span>
    ),
  },
  { id: 'state', head: 'State', cell: (node) => <Badge tone={STATE[node.state].tone}>{STATE[node.state].text}</Badge> },
  {
    id: 'collection',
    head: 'Collection',
    cell: ({ collection }) =>
      collection === undefined ? (
        <span className="text-ink-3">not known</span>
      ) : (
        <Hash
          value={collection.running}
          href={`/upgrades/${collection.running}`}
          label="hash of the collection"
          copy={false}
        />
      ),
  },
  { id: 'version', head: 'Version', cell: (node) => <span translate="no">{node.version ?? '–'}</span> },
  { id: 'head', head: 'Head', align: 'end', cell: (node) => <Figure value={node.height} /> },
  { id: 'final', head: 'Irreversible', align: 'end', cell: (node) => <Figure value={node.finalizedHeight} /> },
  { id: 'behind', head: 'Behind', align: 'end', cell: (node) => <Figure value={node.behind} /> },
  {
    id: 'hash',
    head: 'Block compared',
    align: 'end',
    cell: (node) =>
      node.comparedHash === undefined ? '–' : <Hash value={node.comparedHash} label="block hash" copy={false} />,
  },
  {
    id: 'latency',
    head: 'Latency',
    align: 'end',
    cell: (node) => (
      <span className="num">{node.latencyMs === undefined ? '–' : `${Math.round(node.latencyMs)} ms`}</span>
    ),
  },
]

const Figure = ({ value }: { value: bigint | undefined }) => (
  <span className="num">{value === undefined ? '–' : formatInteger(value)}</span>
)
