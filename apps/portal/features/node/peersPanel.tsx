'use client'

import type { OperatorPeer, OperatorStatus } from '@aelf/governance/domain'
import { useState } from 'react'
import { Button } from '#ui/button.tsx'
import { DataTable } from '#ui/dataTable.tsx'
import { shorten } from '#ui/identity/hash.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

const LISTED = 8

/** Who the node speaks with, and whom it refuses for a while. */
export function PeersPanel({ peers, bans }: { peers: readonly OperatorPeer[]; bans: OperatorStatus['bans'] }) {
  const [isOpen, setOpen] = useState(false)
  const shown = isOpen ? peers : peers.slice(0, LISTED)
  return (
    <Panel id="peers" title={`Peers · ${formatInteger(peers.length)}`} flush className="xl:col-span-2">
      {peers.length === 0 ? (
        <EmptyState title="No peer is connected">
          Without peers the node neither hears blocks nor is heard. See p2p.peers and the port in aelf.yaml.
        </EmptyState>
      ) : (
        <DataTable caption="Connected peers" rows={shown} rowKey={(peer) => peer.id} columns={columns} />
      )}
      {peers.length <= LISTED ? null : (
        <div className="border-t border-line px-5 py-3">
          <Button size="small" kind="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Show fewer' : `Show all ${formatInteger(peers.length)}`}
          </Button>
        </div>
      )}
      {bans.length === 0 ? null : (
        <div className="border-t border-line px-5 py-4 text-sm">
          <h3 className="font-semibold">{`Refused for now · ${formatInteger(bans.length)}`}</h3>
          <ul className="mt-2 space-y-1">
            {bans.map((ban) => (
              <li key={ban.id} className="flex flex-wrap gap-x-3">
                <span className="font-mono text-xs/5" translate="no">
                  {shorten(ban.id, 8, 6)}
                </span>
                <span className="text-ink-2">{ban.reason}</span>
                <span className="text-ink-3">
                  <span>back </span>
                  <Time at={ban.untilMs} />
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  )
}

const columns: Parameters<typeof DataTable<OperatorPeer>>[0]['columns'] = [
  {
    id: 'peer',
    head: 'Peer',
    label: false,
    wide: true,
    cell: (peer) => (
      <span className="min-w-0">
        <span className="font-mono text-sm" translate="no" title={peer.id}>
          {shorten(peer.id, 8, 6)}
        </span>
        <span className="block font-mono text-xs break-all text-ink-3" translate="no">
          {peer.address}
        </span>
      </span>
    ),
  },
  { id: 'direction', head: 'Dialled by', cell: (peer) => (peer.direction === 'out' ? 'this node' : 'the peer') },
  {
    id: 'agent',
    head: 'Software',
    hideOnPhone: true,
    cell: (peer) => (
      <span className="break-all" translate="no">
        {peer.agent === '' ? '–' : peer.agent}
      </span>
    ),
  },
  {
    id: 'height',
    head: 'Height',
    align: 'end',
    cell: (peer) => <span className="num">{peer.height === null ? '–' : formatInteger(BigInt(peer.height))}</span>,
  },
  {
    id: 'latency',
    head: 'Latency',
    align: 'end',
    cell: (peer) => <span className="num">{peer.latencyMs === null ? '–' : `${Math.round(peer.latencyMs)} ms`}</span>,
  },
  { id: 'score', head: 'Score', align: 'end', cell: (peer) => <span className="num">{Math.round(peer.score)}</span> },
  {
    id: 'since',
    head: 'Connected',
    align: 'end',
    cell: (peer) => <Time at={peer.connectedAtMs} className="text-ink-2" />,
  },
]
