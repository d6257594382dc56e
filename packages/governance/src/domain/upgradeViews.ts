import type { ProposalStatus } from './proposal.ts'
import type { Address, Hash } from './values.ts'
import type { Dated } from './views.ts'

/** `began` is genesis; `replaced` is the end of a candidate whose place another took; `resumed` is support that came back. */
export type CollectionEventKind = 'began' | 'lockedIn' | 'replaced' | 'reset' | 'resumed' | 'activated' | 'calledOff'

/** Numbers of the rule that is in force; an upgrade may change them. */
export interface UpgradeRuleView {
  /** Most recent blocks whose signals count. */
  readonly window: number
  /** Of these, how many must signal a successor. */
  readonly lockIn: number
  /** Blocks in a row, after the lock-in, that must find that support. */
  readonly confirm: number
}

/** A proposal that asks for a collection. */
export interface UpgradeProposalView {
  readonly id: Hash
  readonly title: string
  readonly status: ProposalStatus
}

/** What one block says about the next collection. */
export interface SignalView {
  readonly height: bigint
  readonly producer: Address
  readonly producerName?: string
  /** Absent for none. What is in force already counts as none. */
  readonly signal?: Hash
}

/** The newest blocks, oldest first; blocks from before the collection count for nothing and are left out. */
export interface SignalStripView {
  /** The collection it is about: the successor that is locked in, else the one most blocks signal. */
  readonly shown?: Hash
  readonly blocks: readonly (SignalView & {
    /** Blocks of the window that ends here that signal what is shown. */
    readonly support: number
  })[]
}

/** A collection that runs or ran. */
export interface EraView {
  readonly hash: Hash
  readonly since: bigint
  /** Time of its first block; undefined while that is still to come. */
  readonly sinceMs?: number
  readonly lockedAt?: bigint
  /** The activation failed by rule and the former one went on. */
  readonly calledOff: boolean
  readonly proposals: readonly UpgradeProposalView[]
}

export interface CandidateView {
  readonly hash: Hash
  readonly lockedAt: bigint
  readonly lockedAtMs: number
  /** Blocks confirmed in a row. */
  readonly confirmed: number
  /** Blocks of the window that signal it. */
  readonly signals: number
  /** The last block that found too little support. */
  readonly resetAt?: bigint
  readonly projection: ActivationProjection
  readonly proposals: readonly UpgradeProposalView[]
}

/** When a candidate runs if every block from now on finds its support and blocks come as fast as lately. */
export interface ActivationProjection {
  /** First block that would run with it. */
  readonly height: bigint
  readonly timeMs: number
  /** Blocks still to be confirmed. */
  readonly blocksLeft: number
}

export interface SignalledView {
  readonly hash: Hash
  /** Blocks of the window that signal it. */
  readonly blocks: number
  readonly proposals: readonly UpgradeProposalView[]
}

export interface UpgradesView extends Dated {
  readonly rule: UpgradeRuleView
  readonly current: EraView
  readonly candidate?: CandidateView
  /** The most signalled first. */
  readonly signalled: readonly SignalledView[]
  readonly strip: SignalStripView
  /** Newest first, what is in force included. */
  readonly eras: readonly EraView[]
}

/** A step in the life of a collection. */
export interface CollectionEventView {
  readonly kind: CollectionEventKind
  readonly height: bigint
  readonly timeMs: number
  readonly hash: Hash
  readonly other?: Hash
  readonly since?: bigint
  /** Blocks confirmed until then. */
  readonly confirmed: number
  readonly signals: number
  readonly rule: UpgradeRuleView
}

/** How far a collection is. */
export type UpgradeStage =
  | 'proposed'
  | 'signalled'
  | 'lockedIn'
  | 'inForce'
  /** Ran once, or was locked in once, and is neither now. */
  | 'past'

/** What a node says about a collection; undefined where it does not say. */
export interface NodeReadiness {
  readonly name: string
  readonly version?: string
  readonly delegate?: Address
  readonly running?: Hash
  readonly signal?: Hash
  readonly installed?: boolean
}

/** One producer of the running term. What is not known is undefined, never guessed. */
export interface ProducerReadiness {
  readonly producer: Address
  readonly name?: string
  /** Its newest block; undefined when it made none. */
  readonly lastBlock?: { readonly height: bigint; readonly timeMs: number; readonly signal?: Hash }
  /** Its node, where it is one of those this portal asks. */
  readonly node?: NodeReadiness
}

export interface UpgradeView extends Dated {
  readonly hash: Hash
  readonly stage: UpgradeStage
  readonly rule: UpgradeRuleView
  /** Blocks of the window that signal it. */
  readonly blocks: number
  readonly strip: SignalStripView
  readonly candidate?: CandidateView
  readonly era?: EraView
  /** What is in force now. */
  readonly current: Hash
  /** All that was ever signalled of it. */
  readonly signalled?: { readonly first: bigint; readonly last: bigint; readonly blocks: number }
  readonly proposals: readonly UpgradeProposalView[]
  /** Newest first. */
  readonly log: readonly CollectionEventView[]
  readonly producers: readonly ProducerReadiness[]
  /** Other nodes this portal asks. */
  readonly nodes: readonly NodeReadiness[]
}
