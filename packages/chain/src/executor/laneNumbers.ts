import { type ContractError, type Item, type Registry, runtimeErrors } from '#contracts/runtime'
import { type Address, assert } from '#primitives'

/** What lanes know of a collection by number, so that numbers cross between threads. */
export interface LaneNumbers {
  readonly addresses: readonly Address[]
  readonly contractOf: ReadonlyMap<Address, number>
  readonly items: readonly Item[]
  readonly itemOf: ReadonlyMap<Item, number>
  readonly errors: ReadonlyMap<string, ContractError>
}

const numbers = new WeakMap<Registry, LaneNumbers>()

export function laneNumbers(registry: Registry): LaneNumbers {
  const known = numbers.get(registry)
  if (known !== undefined) return known
  const addresses = registry.contracts.map(({ address }) => address)
  const items = registry.contracts.flatMap(({ state }) => state)
  const errors = [...runtimeErrors, ...registry.contracts.flatMap(({ errors: own }) => own)]
  const made = {
    addresses,
    contractOf: new Map(addresses.map((address, index) => [address, index])),
    items,
    itemOf: new Map(items.map((item, index) => [item, index])),
    errors: new Map(errors.map((error) => [`${error.contract}/${error.number}`, error])),
  }
  numbers.set(registry, made)
  return made
}

export function numberOf<T>(table: ReadonlyMap<T, number>, of: T): number {
  const found = table.get(of)
  assert(found !== undefined, 'what is executed belongs to the collection')
  return found
}
