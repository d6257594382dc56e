import type { SyncProgress } from '#sync'
import type { NodeWarning, SyncStatus } from './api.ts'
import { NodeError } from './errors.ts'
import type { Suspicion } from './suspicion.ts'

const FORKED =
  'Most transactions that arrive name blocks this node does not have: it may be on a fork that nobody else follows'

/** Who knows how far this node has come. */
export interface Follower {
  progress(): SyncProgress
  isBehind(): boolean
  isFollowing(): boolean
  isLed(): boolean
}

/** Where this node stands among the others, and what it may do there. */
export class Standing {
  private readonly suspicion: Pick<Suspicion, 'isSuspended'>
  private follower: Follower | undefined

  constructor(suspicion: Pick<Suspicion, 'isSuspended'>) {
    this.suspicion = suspicion
  }

  follow(follower: Follower): void {
    this.follower = follower
  }

  /** Whether headers prove that the block after the head is irreversible elsewhere. */
  isBehind(): boolean {
    return this.follower?.isBehind() ?? false
  }

  /** Whether the node is catching up by what headers prove, not by what somebody says. */
  isFollowing(): boolean {
    return this.follower?.isFollowing() ?? false
  }

  /** Whether headers prove the head irreversible, or more, and go on from there: the node was far behind. */
  isLed(): boolean {
    return this.follower?.isLed() ?? false
  }

  status(): SyncStatus {
    const progress = this.follower?.progress() ?? { state: 'waiting', height: 0n, targetHeight: 0n }
    return this.suspicion.isSuspended() ? { ...progress, state: 'suspended', reason: FORKED } : progress
  }

  /** A block made on a fork, or below what is irreversible elsewhere, serves nobody. */
  mayProduce(): boolean {
    return !this.suspicion.isSuspended() && !this.isBehind()
  }

  /** Throws `node.suspended` while this node should not promise to include anything. */
  assertAccepting(): void {
    if (!this.suspicion.isSuspended()) return
    throw new NodeError('node.suspended', `${FORKED}. Try again later, or another node`, { retryable: true })
  }

  warning(): NodeWarning | undefined {
    return this.suspicion.isSuspended() ? { code: 'fork.suspected', message: FORKED } : undefined
  }
}
