import type { Hash } from '#primitives'
import { MAX_BAD_BLOCKS } from './limits.ts'
import type { Roster } from './roster.ts'
import type { SyncPorts } from './types.ts'

/** What this node thinks of peers and blocks, and tells the network of the former. */
export class Opinion {
  private readonly roster: Roster
  private readonly ports: Pick<SyncPorts<never>, 'judge' | 'logger'>
  private readonly refused = new Set<Hash>()

  constructor(roster: Roster, ports: Pick<SyncPorts<never>, 'judge' | 'logger'>) {
    this.roster = roster
    this.ports = ports
  }

  useful(peer: string): void {
    this.ports.judge(peer, 'useful')
  }

  /** No answer, or one that leads nowhere. Honest peers give such answers too, now and then. */
  useless(peer: string): void {
    this.roster.failed(peer)
    this.ports.judge(peer, 'useless')
  }

  /** What no honest peer says. */
  lied(peer: string, reason: string, code = 'sync.answer'): void {
    this.ports.logger.warn('A peer answered what is not true', { peer, code, reason })
    this.roster.lied(peer)
    this.ports.judge(peer, 'invalid')
  }

  refuse(block: Hash): void {
    this.refused.add(block)
    const oldest = this.refused.values().next()
    if (this.refused.size > MAX_BAD_BLOCKS && oldest.done !== true) this.refused.delete(oldest.value)
  }

  isRefused(block: Hash): boolean {
    return this.refused.has(block)
  }
}
