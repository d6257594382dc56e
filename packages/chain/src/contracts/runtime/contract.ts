import { type ParamStep, systemAddress } from '#kernel'
import type { Address, Hash } from '#primitives'
import type { ExecuteContext } from './context.ts'
import { type ContractError, type ContractIdentity, RuntimeError } from './error.ts'
import type { Event } from './event.ts'
import type { Item } from './item.ts'
import type { Method } from './method.ts'
import type { Port } from './port.ts'
import type { StateScan } from './scan.ts'
import type { View } from './view.ts'

/** A governed value by activation height; see `paramAt`. */
export interface Param {
  readonly name: string
  readonly doc: string
  readonly steps: readonly ParamStep[]
}

/** A predicate over live state; returns what is wrong, or nothing. */
export interface Invariant {
  readonly number: number
  readonly name: string
  check(scan: StateScan): string | undefined
}

/** What runs without a transaction. */
export interface Hooks {
  endBlock?(ctx: ExecuteContext): void
  /** Before the first transaction of the first block of a new collection: moves state over from the one before. */
  activate?(ctx: ExecuteContext, upgrade: { readonly from: Hash }): void
}

export interface Contract<G = never> {
  readonly identity: ContractIdentity
  readonly address: Address
  readonly state: readonly Item[]
  readonly methods: readonly Method[]
  readonly views: readonly View[]
  readonly events: readonly Event[]
  readonly errors: readonly ContractError[]
  readonly params: readonly Param[]
  readonly ports: readonly Port[]
  readonly hooks: Hooks
  readonly invariants: readonly Invariant[]
  /** Writes the first state. */
  genesis(ctx: ExecuteContext, options: G): void
}

export type ContractDefinition<G> = Omit<Contract<G>, 'address'>

function assertUnique(contract: string, kind: string, entries: readonly { number?: number; name: string }[]): void {
  const numbers = entries.flatMap(({ number }) => (number === undefined ? [] : [number]))
  const names = entries.map(({ name }) => name)
  if (new Set(numbers).size !== numbers.length || new Set(names).size !== names.length) {
    throw new RuntimeError('runtime.definition', `${contract}: two ${kind} share a number or name`)
  }
}

/** Puts the parts of a contract together. Throws `runtime.definition` when numbers or names repeat. */
export function defineContract<G>(definition: ContractDefinition<G>): Contract<G> {
  const { name } = definition.identity
  assertUnique(name, 'items', definition.state)
  assertUnique(name, 'methods', definition.methods)
  assertUnique(name, 'views', definition.views)
  assertUnique(name, 'events', definition.events)
  assertUnique(name, 'errors', definition.errors)
  assertUnique(name, 'params', definition.params)
  assertUnique(name, 'invariants', definition.invariants)
  for (const { contract, name: part } of [...definition.state, ...definition.events]) {
    if (contract.number !== definition.identity.number) {
      throw new RuntimeError('runtime.definition', `${name}: ${part} belongs to another contract`)
    }
  }
  return { ...definition, address: systemAddress(definition.identity.number) }
}
