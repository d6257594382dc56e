import { LIES } from './byzantine.ts'
import type { Knobs } from './knobs.ts'

export interface Violation {
  readonly rule: string
  readonly detail: string
  readonly slot: number
}

/** What a run came to. */
export interface Report {
  readonly seed: bigint
  readonly knobs: Knobs
  readonly violation: Violation | undefined
  readonly probes: ReadonlyMap<string, number>
  /** Same for two runs of one seed. */
  readonly digest: string
  readonly tasks: number
  readonly blocks: number
  readonly rounds: number
  readonly timeline: readonly string[]
}

/** Counts of things that happened, by name. */
export class Probes {
  readonly counts = new Map<string, number>()

  hit(name: string, times = 1): void {
    if (times > 0) this.counts.set(name, (this.counts.get(name) ?? 0) + times)
  }
}

/** Must be seen in every large set of runs: a rare event nobody reaches is not tested. */
export const REQUIRED_PROBES: readonly string[] = [
  'reorg depth 1',
  'reorg depth 2',
  'reorg depth 3+',
  'slot missed',
  'extra slot missed',
  'producer excluded',
  'excluded producer let back in',
  'network halt survived',
  'term changed',
  'new producer elected',
  'place displaced',
  'evidence punished',
  'restart',
  'restart during a write',
  'unsynced batch lost',
  'partition healed',
  'machine thawed',
  'message lost',
  'message duplicated',
  'equivocation sent',
  'transaction accepted',
  'transaction refused',
  'transaction expired',
  'accepted transaction came back',
  'mark on a dead fork',
  'vote included',
  'vote changed',
  'reward claimed',
  'member voted for',
  'proposal submitted',
  'proposal adopted',
  'commission claimed',
  'vote withdrawn',
  'lock released',
  'finality stalled and resumed',
  'liveness demanded',
  'disk error ENOSPC',
  'disk error EIO',
  'machine ended after a disk error',
  'clock jumped back',
  'clock set right',
  'message corrupted',
  'message overtaken',
  'swizzle',
  'block kept back',
  'bits flipped',
  'damage found by a read',
  'damaged store removed',
  'read error',
  'write torn',
  'power cut during a write',
  'damaged store refused',
  'log tail lost',
  'old backup restored',
  'transactions censored',
  'flood of transactions',
  'shared work forgotten',
  'delegate quit',
  'collection activated',
  ...LIES,
]

/** Of a large set of runs about upgrades. */
export const UPGRADE_PROBES: readonly string[] = [
  'locked in',
  'one short of a lock-in',
  'support held at the line',
  'support one below the line',
  'confirmation reset',
  'candidate replaced',
  'competing bundles',
  'branches with rival candidates',
  'collection activated',
  'activation called off',
  'odd signal',
  'laggard stopped',
  'laggard stopped again',
  'laggard resumed',
  'bundle fetched from a peer',
  'false bundle given',
  'reverted machine refused its data',
  'late joiner across activation',
  'while split: lockedIn',
  'while split: activated',
  'reorganisation across lock-in',
  'reorganisation across activation',
  'reorganisation across a first block',
  'call 700.1',
  'call 1.7',
  'equivocation sent',
  'restart',
  'liveness demanded',
]
