import type { Address, Hash } from '#domain'
import type { Json } from './json.ts'

/** `height` and `blockHash` name the block that wrote a row: the first after the round, or of the term. */

export interface RoundRow {
  height: bigint
  blockHash: Hash
  number: number
  term: number
  startSlot: bigint
  startTimeMs: number
  extra: Address
  produced: number
  missed: number
  excluded: Json
}

export interface RoundSlotRow {
  height: bigint
  blockHash: Hash
  slot: bigint
  round: number
  term: number
  timeMs: number
  producer: Address
  isExtra: boolean
  state: string
  reason: string | null
  producedHeight: bigint | null
  producedHash: Hash | null
}

export interface TermRow {
  height: bigint
  blockHash: Hash
  term: number
  startHeight: bigint
  startsAtMs: number
  endsAtMs: number
}

export interface TermProducerRow {
  height: bigint
  blockHash: Hash
  term: number
  rank: number
  address: Address
}
