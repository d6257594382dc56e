import type { FieldValues } from '#kernel'
import type { Address, Prng } from '#primitives'

/** What an operation generator may look at: who exists, and the state through named views. */
export interface SimulationWorld {
  readonly accounts: readonly Address[]
  readonly timeMs: bigint
  /** Ids of locks and positions seen so far, by kind. */
  readonly ids: Readonly<Record<string, readonly string[]>>
}

/** A call to send: by name, with its arguments. */
export interface SimulatedCall {
  readonly from: Address
  readonly contract: string
  readonly method: string
  readonly args: FieldValues
}

/** One kind of random call with its weight. */
export interface SimulationOperation {
  readonly name: string
  readonly weight: number
  build(prng: Prng, world: SimulationWorld): SimulatedCall | undefined
}

export type Simulation = readonly SimulationOperation[]
