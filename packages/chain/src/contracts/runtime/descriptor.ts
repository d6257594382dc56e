import type { ErrorDescriptor, EventDescriptor, FieldSpec, ItemDescriptor, MethodDescriptor } from '#kernel'
import type { Address } from '#primitives'
import type { Contract } from './contract.ts'
import type { Method } from './method.ts'

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

export function describeMethod({ identity, address }: Contract<never>, method: Method): MethodDescriptor {
  const { name, number, signature, abi, intent, doc, nonParallel } = method
  return { contract: identity.name, contractAddress: address, name, number, signature, abi, intent, doc, nonParallel }
}

/** Extracts the metadata of a contract. */
export function describeContract(definition: Contract<never>): ContractDescriptor {
  const {
    identity: { name: contract, number },
    address,
  } = definition
  return {
    name: contract,
    number,
    address,
    methods: definition.methods.map((method) => describeMethod(definition, method)),
    items: definition.state.map((item) => ({
      contract,
      contractAddress: address,
      name: item.name,
      number: item.number,
      key: item.key.map(({ type }) => type),
      keyNames: item.key.map(({ name }) => name),
      value: item.value,
      bound: item.bound,
      counter: item.counter,
    })),
    events: definition.events.map(({ name, number: event, fields }) => ({ contract, name, number: event, fields })),
    errors: definition.errors.map(({ name, number: error, help }) => ({ contract, name, number: error, help })),
    views: definition.views.map(({ name, args, doc }) => ({ contract, name, args, doc })),
  }
}
