import type { ConsensusEngine } from '#consensus'
import type { Block, SignedHeader, SignedTransaction } from '#kernel'
import type { Ledger } from '#ledger'
import type { Address, AelfError, Clock, Conduct, Hash, Logger } from '#primitives'

/** How far a node has come. */
export interface SyncProgress {
  /** `waiting`: the head is old and nobody shows a better one. */
  readonly state: 'synced' | 'syncing' | 'waiting'
  readonly height: bigint
  /**
   * What most peers say they have, or what headers prove. While the head is old, also what the one peer says that is asked for
   * the way: so it is for people to see, not to decide by.
   */
  readonly targetHeight: bigint
}

export type SyncQuestion =
  | { readonly kind: 'getHeaders'; readonly request: number; readonly locator: readonly Hash[]; readonly limit: number }
  | { readonly kind: 'getBodies'; readonly request: number; readonly hashes: readonly Hash[] }

export interface SyncOptions {
  /** A peer that is ahead by no more than this is caught up with elsewhere. */
  readonly gap: bigint
}

export interface SyncPorts<S> {
  readonly clock: Clock
  readonly logger: Logger
  readonly engine: Pick<ConsensusEngine<S, never>, 'validate' | 'apply' | 'choose' | 'finalise'>
  readonly ledger: Pick<Ledger<S, never>, 'head' | 'headState' | 'finalized' | 'node' | 'hashAt'>
  nowSlot(): bigint
  /** Throws when a header cannot follow its parent on this chain, whatever its engine says. */
  checkHeader(header: SignedHeader, parent: SignedHeader): void
  /** Who signed headers, in their order; undefined for a signature that is nobody's. `ahead`: there are others to go on with meanwhile. */
  signersOf(
    headers: readonly SignedHeader[],
    options: { readonly ahead: boolean },
  ): Promise<readonly (Address | undefined)[]>
  ask(peer: string, question: SyncQuestion): void
  /**
   * Imports blocks that follow each other and whose headers are verified, signatures included. Resolves when they are on disk, with
   * the first one that was refused, when one was.
   */
  importBlocks(blocks: readonly Block[]): Promise<{ readonly block: Block; readonly error: unknown } | undefined>
  /** These transactions of the verified header at a height will be imported soon: who signed them may be found out meanwhile. */
  ahead(transactions: readonly SignedTransaction[], height: bigint): void
  /** A block that headers prove irreversible cannot be run for want of its collection. */
  lacks?(error: AelfError): void
  judge(peer: string, conduct: Conduct): void
  /** A chain was followed to its end; the rest, if any, is near. */
  caughtUp(guide: string): void
}
