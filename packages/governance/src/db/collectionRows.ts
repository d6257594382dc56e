import type { CollectionEventKind, Hash } from '#domain'

/** `height` and `blockHash` name the block a row comes from or was last changed by. */

/** The one row that says what is in force and what is locked in after the newest block, with the rule's numbers. */
export interface CollectionRuleRow {
  height: bigint
  blockHash: Hash
  id: 'now'
  hash: Hash
  /** First block that runs with it. */
  since: bigint
  former: Hash | null
  windowBlocks: number
  lockInBlocks: number
  confirmBlocks: number
  candidate: Hash | null
  lockedAt: bigint | null
  confirmed: number
  resetAt: bigint | null
  upgrades: number
}

/** What a block of the window signals, by height modulo the window; no row for nothing. */
export interface CollectionSignalRow {
  height: bigint
  blockHash: Hash
  place: string
  hash: Hash
}

/** How many blocks of the window signal a hash. */
export interface CollectionCountRow {
  height: bigint
  blockHash: Hash
  hash: Hash
  blocks: number
}

/** A step in the life of a collection, with the numbers of the rule at that time. */
export interface CollectionEventRow {
  height: bigint
  blockHash: Hash
  position: number
  timeMs: number
  kind: CollectionEventKind
  hash: Hash
  /** The collection it replaces, or the candidate that takes its place. */
  other: Hash | null
  /** First block that runs with it. */
  since: bigint | null
  confirmed: number
  signals: number
  windowBlocks: number
  lockInBlocks: number
  confirmBlocks: number
}
