import type { ItemDescriptor, MethodDescriptor } from '#kernel'
import type { Address } from '#primitives'
import type { ContractInfo, FailureView } from '#rpc/routes'
import { RpcFailure } from './failure.ts'

/** Contracts of the chain, found by name, address or number. */
export interface Catalogue {
  readonly contracts: readonly ContractInfo[]
  byAddress(address: Address): ContractInfo | undefined
  method(address: Address, number: number): MethodDescriptor | undefined
  /** Throws `contract.unknown`, `contract.unknownMethod`. */
  methodNamed(contract: string, method: string, field: string): MethodDescriptor
  /** Throws `contract.unknown`, `contract.unknownMethod`. */
  viewNamed(contract: string, view: string): ContractInfo['views'][number]
  /** Throws `contract.unknown`, `contract.unknownMethod`. */
  itemNamed(
    contract: string,
    item: string,
  ): { readonly contract: ContractInfo; readonly item: ContractInfo['items'][number] & ItemDescriptor }
  failure(error: { readonly contract: number; readonly error: number }): FailureView
}

/** Indexes the metadata of a chain. */
export function createCatalogue(contracts: readonly ContractInfo[]): Catalogue {
  const byName = new Map(contracts.map((contract) => [contract.name, contract]))
  const byAddress = new Map(contracts.map((contract) => [contract.address, contract]))
  const byNumber = new Map(contracts.map((contract) => [contract.number, contract]))
  const named = (name: string, field: string): ContractInfo => {
    const found = byName.get(name)
    if (found === undefined) throw new RpcFailure('contract.unknown', { field, details: { known: [...byName.keys()] } })
    return found
  }
  return {
    contracts,
    byAddress: (address) => byAddress.get(address),
    method: (address, number) => byAddress.get(address)?.methods.find((method) => method.number === number),
    methodNamed: (contract, method, field) =>
      member(named(contract, `${field}.contract`).methods, method, `${field}.method`),
    viewNamed: (contract, view) => member(named(contract, 'params[0]').views, view, 'params[1]'),
    itemNamed: (contract, item) => {
      const found = named(contract, 'params[0]')
      return { contract: found, item: member(found.items, item, 'params[1]') }
    },
    failure: ({ contract, error }) => {
      const found = byNumber.get(contract)
      const descriptor = found?.errors.find(({ number }) => number === error)
      const code =
        found === undefined || descriptor === undefined ? `${contract}.${error}` : `${found.name}.${descriptor.name}`
      return { code, help: descriptor?.help ?? '', contract, error }
    },
  }
}

function member<T extends { readonly name: string }>(list: readonly T[], name: string, field: string): T {
  const found = list.find((entry) => entry.name === name)
  if (found === undefined)
    throw new RpcFailure('contract.unknownMethod', { field, details: { known: list.map((entry) => entry.name) } })
  return found
}
