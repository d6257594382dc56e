import type { ItemDescriptor, MethodDescriptor } from '#kernel'
import type { Address } from '#primitives'
import type { ContractInfo, FailureView } from '#rpc/routes'
import { RpcFailure } from './failure.ts'

/** Contracts of a chain whose code may change while it runs. */
export interface ContractSource {
  /** Those that the next block runs with: what may be called. */
  readonly running: readonly ContractInfo[]
  /** Those of all blocks so far: what may be read. */
  readonly known: readonly ContractInfo[]
}

/** Contracts of the chain, found by name, address or number. */
export interface Catalogue {
  /** Those that may be called now. */
  running(): readonly ContractInfo[]
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

interface Index {
  readonly byName: ReadonlyMap<string, ContractInfo>
  readonly byAddress: ReadonlyMap<Address, ContractInfo>
  readonly byNumber: ReadonlyMap<number, ContractInfo>
}

const indexed = new WeakMap<readonly ContractInfo[], Index>()

/** Lists are made once for each collection, so an index is too. */
function indexOf(contracts: readonly ContractInfo[]): Index {
  const before = indexed.get(contracts)
  if (before !== undefined) return before
  const index: Index = {
    byName: new Map(contracts.map((contract) => [contract.name, contract])),
    byAddress: new Map(contracts.map((contract) => [contract.address, contract])),
    byNumber: new Map(contracts.map((contract) => [contract.number, contract])),
  }
  indexed.set(contracts, index)
  return index
}

/** Finds what is asked for in the metadata of a chain. */
export function createCatalogue(source: () => ContractSource): Catalogue {
  const running = (): Index => indexOf(source().running)
  const known = (): Index => indexOf(source().known)
  const named = ({ byName }: Index, name: string, field: string): ContractInfo => {
    const found = byName.get(name)
    if (found === undefined) throw new RpcFailure('contract.unknown', { field, details: { known: [...byName.keys()] } })
    return found
  }
  return {
    running: () => source().running,
    byAddress: (address) => known().byAddress.get(address),
    method: (address, number) =>
      known()
        .byAddress.get(address)
        ?.methods.find((method) => method.number === number),
    methodNamed: (contract, method, field) =>
      member(named(running(), contract, `${field}.contract`).methods, method, `${field}.method`),
    viewNamed: (contract, view) => member(named(running(), contract, 'params[0]').views, view, 'params[1]'),
    itemNamed: (contract, item) => {
      const found = named(known(), contract, 'params[0]')
      return { contract: found, item: member(found.items, item, 'params[1]') }
    },
    failure: ({ contract, error }) => {
      const found = known().byNumber.get(contract)
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
