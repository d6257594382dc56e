import type { ErrorDescriptor, EventDescriptor, FieldSpec, ItemDescriptor, MethodDescriptor } from '#kernel'
import type { Address } from '#primitives'

export interface ViewDescriptor {
  readonly contract: string
  readonly name: string
  readonly args: readonly FieldSpec[]
  readonly doc: string
}

/** An item with the names of its key fields. */
export interface StoredItemDescriptor extends ItemDescriptor {
  readonly contractAddress: Address
  readonly keyNames: readonly string[]
  readonly bound: string
  /** One integer that is absent while zero. */
  readonly counter: boolean
}

/** Everything a client needs to know about a contract, without its code. */
export interface ContractDescriptor {
  readonly name: string
  readonly number: number
  readonly address: Address
  readonly methods: readonly MethodDescriptor[]
  readonly items: readonly StoredItemDescriptor[]
  readonly events: readonly EventDescriptor[]
  readonly errors: readonly ErrorDescriptor[]
  readonly views: readonly ViewDescriptor[]
}
