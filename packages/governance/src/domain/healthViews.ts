import type { ExclusionView } from './roundViews.ts'
import type { Address, Hash } from './values.ts'
import type { Dated } from './views.ts'

/** Which contracts a node runs, and which others it could. */
export interface NodeCollection {
  readonly running: Hash
  /** Absent when its blocks signal nothing. */
  readonly signal?: Hash
  readonly installed: readonly Hash[]
}

/** `bad`: it can't follow the chain, or will not be able to. */
export interface NodeConcern {
  readonly level: 'warn' | 'bad'
  readonly detail: string
}

/** One of the nodes this portal asks. Addresses stay on the server; `name` is host and port. */
export interface NodePointView {
  readonly name: string
  readonly state: 'ok' | 'stalled' | 'unreachable' | 'otherNetwork'
  readonly detail: string
  readonly latencyMs?: number
  readonly version?: string
  readonly height?: bigint
  readonly headHash?: Hash
  readonly finalizedHeight?: bigint
  /** Blocks behind the highest head that any asked node reports. */
  readonly behind?: bigint
  /** Whose blocks it makes. */
  readonly delegate?: Address
  /** Absent when the node does not say. */
  readonly collection?: NodeCollection
  /** What is wrong with its collection; absent when nothing is, or when it does not say. */
  readonly concern?: NodeConcern
  /** What this node holds at the height where all are compared; absent when it did not say. */
  readonly comparedHash?: Hash
}

export type NodesAgreement =
  /** Fewer than two nodes answered: nothing can be compared. */
  | { readonly state: 'alone'; readonly detail: string }
  | { readonly state: 'agree' | 'apart'; readonly detail: string; readonly height: bigint; readonly hash: Hash }
  /** Two nodes call different blocks irreversible at one height. */
  | {
      readonly state: 'conflict'
      readonly detail: string
      readonly height: bigint
      readonly blocks: readonly { readonly hash: Hash; readonly nodes: readonly string[] }[]
    }

export interface NodesView {
  readonly nodes: readonly NodePointView[]
  readonly agreement: NodesAgreement
  readonly askedAtMs: number
}

/** A slot without a block, and why as far as the node knows. */
export interface MissView {
  readonly slot: bigint
  readonly round: number
  readonly timeMs: number
  readonly producer: Address
  readonly producerName?: string
  readonly isExtra: boolean
  readonly reason?: string
}

export interface HealthView extends Dated {
  readonly nodes: NodesView
  /** Newest first, of the running round and those before. */
  readonly misses: readonly MissView[]
  readonly excluded: readonly ExclusionView[]
}
