import type { EventDescriptor, MethodDescriptor } from '#kernel'
import { MetadataError } from './error.ts'
import { descriptors } from './generated/descriptors.ts'
import type { ContractDescriptor, StoredItemDescriptor, ViewDescriptor } from './types.ts'

/** A contract by name, or by address in any letter case; undefined when there is none. */
export function findContract(nameOrAddress: string): ContractDescriptor | undefined {
  const wanted = nameOrAddress.startsWith('0x') ? nameOrAddress.toLowerCase() : nameOrAddress
  return descriptors.find(({ name, address, number }) => name === wanted || (number > 0 && address === wanted))
}

/** A method by contract (name or address) and method (name or number); undefined when there is none. */
export function findMethod(contract: string, method: string | number): MethodDescriptor | undefined {
  return findContract(contract)?.methods.find(({ name, number }) => name === method || number === method)
}

/** An event by contract (name or address) and event (name or number); undefined when there is none. */
export function findEvent(contract: string, event: string | number): EventDescriptor | undefined {
  return findContract(contract)?.events.find(({ name, number }) => name === event || number === event)
}

/** An item of state by contract (name or address) and item (name or number); undefined when there is none. */
export function findItem(contract: string, item: string | number): StoredItemDescriptor | undefined {
  return findContract(contract)?.items.find(({ name, number }) => name === item || number === item)
}

/** A view by contract (name or address) and name; undefined when there is none. */
export function findView(contract: string, view: string): ViewDescriptor | undefined {
  return findContract(contract)?.views.find(({ name }) => name === view)
}

/** As `findMethod`, but throws `metadata.unknownMethod`. */
export function getMethod(contract: string, method: string | number): MethodDescriptor {
  const found = findMethod(contract, method)
  if (found === undefined)
    throw new MetadataError('metadata.unknownMethod', `no method ${contract}.${method}`, {
      details: { contract, method },
    })
  return found
}

/** As `findItem`, but throws `metadata.unknownItem`. */
export function getItem(contract: string, item: string | number): StoredItemDescriptor {
  const found = findItem(contract, item)
  if (found === undefined)
    throw new MetadataError('metadata.unknownItem', `no item ${contract}.${item}`, { details: { contract, item } })
  return found
}
