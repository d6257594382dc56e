import type { NodeRole, NodeSyncState, OperatorWarning } from '@aelf/governance/domain'

export const SYNC_TEXT: Readonly<
  Record<NodeSyncState, { readonly text: string; readonly tone: 'good' | 'warn' | 'bad' }>
> = {
  synced: { text: 'In step with the network', tone: 'good' },
  syncing: { text: 'Catching up', tone: 'warn' },
  waiting: { text: 'Waiting for peers', tone: 'warn' },
  suspended: { text: 'Suspended', tone: 'bad' },
}

export const ROLE_TEXT: Readonly<Record<NodeRole, string>> = {
  producer: 'Producer of this term',
  backup: 'Backup',
  candidate: 'Candidate',
  observer: 'Observer',
}

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  'fork.suspected':
    'Compare the irreversible block with other nodes on the status page. If yours stands alone: stop it, and let it sync from the others with an empty data folder.',
  'key.inUse':
    'Another machine signs with the same key. Stop this node now, find the other one, and keep exactly one: two of them lose the stake.',
  'clock.offset':
    'Set this machine’s clock by NTP (chrony or systemd-timesyncd). Blocks made too early or late are missed slots.',
  'peers.few': 'Open the peer-to-peer port to the outside, and add reachable addresses to p2p.peers in aelf.yaml.',
  'disk.low': 'Free disk space or lower keepStates. A node that cannot write stops before it could sign twice.',
  'reveals.low': 'Renew the chain of in-values before it runs out; without it the delegate cannot produce.',
  'reveals.unknown': 'Give the node the secret this delegate registered with: it cannot reveal without it.',
}

/** The next step for a warning; warnings of newer nodes carry their own words. */
export const whatToDo = (warning: OperatorWarning): string | undefined => WHAT_TO_DO[warning.code]

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `1536` → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1).replace(/\.0$/, '')} ${UNITS[unit]}`
}
