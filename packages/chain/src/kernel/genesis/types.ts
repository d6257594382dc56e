import type { Bytes, Hash } from '#primitives'
import type { ProducerEntry } from '../standards/index.ts'

export interface Genesis {
  readonly network: string
  /** u32 */
  readonly chainId: number
  /** Milliseconds since the epoch of slot 0. */
  readonly genesisTimeMs: bigint
  readonly slotMs: bigint
  readonly collectionHash: Hash
  /** Initial values by state path. */
  readonly state: ReadonlyMap<Hash, Bytes>
  readonly producers: readonly ProducerEntry[]
  /** Numeric parameters by name. */
  readonly params: Readonly<Record<string, bigint>>
}
