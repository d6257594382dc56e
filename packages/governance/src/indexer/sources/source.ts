import type { Json } from '#db'
import type { Address, Amount, Hash, Hex } from '#domain'

/** A node as the indexer sees it: numbers are numbers, everything is of one canonical chain at the time of the call. */
export interface ChainSource {
  info(): Promise<SourceInfo>
  /** Canonical blocks of an inclusive range, ascending, with whole transactions; stops at the head. */
  blocks(from: bigint, to: bigint): Promise<SourceBlock[]>
  /** Hash of the canonical block; undefined above the head. */
  hashAt(height: bigint): Promise<Hash | undefined>
  /** A finished round; undefined when the node no longer knows it. */
  round(number: number): Promise<SourceRound | undefined>
  term(term: number): Promise<SourceTerm | undefined>
  /** How the term that a block ended was shared out; undefined when the chain shares nothing. */
  sharing(block: SourceBlock): Promise<SourceSharing | undefined>
  /** What genesis put into the state; it never changes. */
  genesis(): Promise<SourceGenesis>
  /** The chain's own ranking after the block at a kept height, with the hash of that block. */
  ranking(height: bigint): Promise<SourceRanking>
  /** Collections after the block at a height or at the head; undefined where the node no longer has that state. */
  collection(at: bigint | 'head'): Promise<SourceCollection | undefined>
  /** What an account held of the native token at genesis. */
  genesisHolding(account: Address): Promise<{ available: Amount; locked: Amount }>
  /** Calls `wake` whenever the node may have something new; answers how to stop. */
  watch(wake: () => void): () => void
}

export interface SourceInfo {
  readonly genesisHash: Hash
  readonly height: bigint
  readonly headHash: Hash
  readonly prevotedHeight: bigint
  readonly finalizedHeight: bigint
  readonly slotMs: number
  readonly genesisTimeMs: number
  readonly termMs: number
}

export interface SourceBlock {
  readonly height: bigint
  readonly hash: Hash
  readonly parentHash: Hash
  readonly slot: bigint
  readonly timeMs: number
  readonly producer: Address
  readonly transactionRoot: Hash
  readonly receiptRoot: Hash
  readonly stateRoot: Hash
  readonly indexRoot: Hash
  readonly signal: Hash | null
  readonly round: number
  readonly term: number
  /** Place in the round; null for the extra slot. */
  readonly index: number | null
  readonly isExtra: boolean
  readonly reveal: Hash | null
  readonly prevotedHeight: bigint
  readonly generatedHeight: bigint | null
  readonly size: number
  readonly transactions: readonly SourceTransaction[]
}

export interface SourceTransaction {
  readonly id: Hash
  readonly envelope: Hex | null
  readonly from: Address
  readonly contract: string
  readonly contractAddress: Address
  readonly method: string
  readonly args: { readonly [name: string]: Json }
  readonly intent: string
  readonly refHeight: bigint
  readonly refHash: Hex
  readonly feeLimit: Amount
  readonly nonce: Hex
  readonly success: boolean
  readonly error: { readonly code: string; readonly help: string } | null
  readonly fee: Amount
  readonly events: readonly SourceEvent[]
}

export interface SourceEvent {
  readonly contract: string
  readonly contractAddress: Address
  readonly name: string
  readonly fields: { readonly [name: string]: Json }
}

export interface SourceRound {
  readonly number: number
  readonly term: number
  readonly startSlot: bigint
  readonly startTimeMs: number
  readonly extra: Address
  readonly slots: readonly {
    readonly slot: bigint
    readonly timeMs: number
    readonly producer: Address
    readonly isExtra: boolean
    readonly state: string
    readonly height: bigint | null
    readonly hash: Hash | null
    readonly reason: string | null
  }[]
  readonly excluded: readonly { readonly address: Address; readonly untilMs: number; readonly failures: number }[]
}

export interface SourceTerm {
  readonly term: number
  readonly startHeight: bigint
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly producers: readonly Address[]
}

/** Income of a term and its parts. Nothing of it stands in a receipt: it is work of the block that ends the term. */
export interface SourceSharing {
  readonly term: number
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly blocks: number
  readonly fees: Amount
  readonly minted: Amount
  readonly income: Amount
  readonly shared: Amount
  readonly parts: readonly {
    readonly delegate: Address
    readonly blocks: number
    readonly income: Amount
    readonly commission: Amount
    readonly weight: bigint
    readonly perWeight: bigint
  }[]
}

export interface SourceRanking {
  readonly hash: Hash
  readonly entries: readonly { readonly delegate: Address; readonly weight: bigint; readonly rank: number }[]
}

/** What the collection contract says after a block, with the hash of that block. */
export interface SourceCollection {
  readonly hash: Hash
  readonly current: { readonly hash: Hash; readonly since: bigint; readonly former: Hash | null }
  readonly candidate: {
    readonly hash: Hash
    readonly lockedAt: bigint
    readonly confirmed: number
    readonly resetAt: bigint | null
  } | null
  readonly signals: readonly { readonly hash: Hash; readonly blocks: number }[]
  readonly window: number
  readonly lockIn: number
  readonly confirm: number
  readonly upgrades: number
}

/** State of genesis as far as no event tells of it. */
export interface SourceGenesis {
  readonly token: SourceToken
  readonly delegates: readonly SourceDelegate[]
  readonly positions: readonly SourcePosition[]
}

export interface SourceDelegate {
  readonly address: Address
  readonly name: string
  readonly url: string
  readonly commissionBps: number
  readonly weight: bigint
  /** Place in the order of registrations, below 1,000,000. */
  readonly sequence: number
}

export interface SourcePosition {
  readonly lockId: Hash
  readonly owner: Address
  readonly delegate: Address
  readonly amount: Amount
  readonly lockDays: number
  readonly weight: bigint
  readonly startedAtMs: number
  readonly unlocksAtMs: number
}

export interface SourceToken {
  readonly symbol: string
  readonly name: string
  readonly supply: Amount
  readonly burned: Amount
  readonly creator: Address
  readonly burnable: boolean
}
