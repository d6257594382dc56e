import type { EventFieldSpec } from '#kernel'
import type { ContractIdentity } from './error.ts'
import { parseFields } from './fields.ts'

/** A record a contract leaves in a receipt. */
export interface Event<F extends string = string> {
  readonly contract: ContractIdentity
  readonly number: number
  readonly name: string
  readonly fields: readonly EventFieldSpec[]
  /** Type carrier only. */
  readonly types?: { readonly fields: F }
}

/** Declares an event; `fields` is a list such as `'address indexed from, uint256 amount'`. Numbers are never reused. */
export function defineEvent<const F extends string>(
  contract: ContractIdentity,
  definition: { readonly number: number; readonly name: string; readonly fields: F },
): Event<F> {
  return { contract, number: definition.number, name: definition.name, fields: parseFields(definition.fields) }
}
