import type { FeePolicy } from '#kernel'
import type { Contract } from './contract.ts'
import type { PortBinding } from './port.ts'
import type { FeeProvider, Registry } from './registry.ts'

/** Everything a chain's code consists of, besides the parameters its genesis sets. An upgrade replaces it as a whole. */
export interface Collection {
  /** In the order of their hooks. */
  readonly contracts: readonly Contract<never>[]
  readonly ports: readonly PortBinding[]
  readonly fees: FeeProvider
  feePolicyAt(registry: Registry, height: bigint): FeePolicy
  /** Values by `contract.param`; they replace those of genesis and of the declaration. */
  readonly params?: Readonly<Record<string, bigint>>
}
