import type { FieldValues } from '#kernel'
import type { Address, Hex, Prng } from '#primitives'

/** A thing that was made by a transaction and can be named by later ones. */
export interface SimulatedThing {
  readonly id: Hex
  readonly owner: Address
}

/** What an operation generator may look at: who exists, and what was made so far, by kind (`locks`, `positions`). */
export interface SimulationWorld {
  readonly accounts: readonly Address[]
  readonly made: Readonly<Record<string, readonly SimulatedThing[]>>
}

/** A call to send: by name, with its arguments. */
export interface SimulatedCall {
  readonly from: Address
  readonly contract: string
  readonly method: string
  readonly args: FieldValues
}

/** One kind of random call with its weight among all. Undefined when the world has nothing to call on. */
export interface SimulationOperation {
  readonly name: string
  readonly weight: number
  build(prng: Prng, world: SimulationWorld): SimulatedCall | undefined
}

export type Simulation = readonly SimulationOperation[]

/** A random thing with a sender that is its owner four times out of five. */
export function pickThing(
  prng: Prng,
  world: SimulationWorld,
  kind: string,
): (SimulatedThing & { readonly from: Address }) | undefined {
  const { made, accounts } = world
  const things = made[kind] ?? []
  if (things.length === 0) return undefined
  const thing = prng.pick(things)
  return { ...thing, from: prng.bool([4, 5]) ? thing.owner : prng.pick(accounts) }
}

/** A random operation, by weight. */
export function pickOperation(prng: Prng, operations: Simulation): SimulationOperation | undefined {
  let left = prng.int(operations.reduce((sum, { weight }) => sum + weight, 0))
  return operations.find(({ weight }) => (left -= weight) < 0)
}
