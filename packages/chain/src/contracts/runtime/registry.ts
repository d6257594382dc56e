import { defineParams, type MethodDescriptor, type ParamStep, type ParamTable, paramAt } from '#kernel'
import type { Address, Amount } from '#primitives'
import type { ExecuteContext, ViewContext } from './context.ts'
import type { Contract } from './contract.ts'
import { describeMethod } from './descriptor.ts'
import { RuntimeError } from './error.ts'
import type { Method } from './method.ts'
import type { PortBinding, PortProvider } from './port.ts'
import type { Resource } from './resource.ts'
import type { View } from './view.ts'

/** How fees are paid: bound to the token contract where a chain is defined. */
export interface FeeProvider {
  /** Name of the contract that holds the fee token. */
  readonly contract: string
  balanceOf(ctx: ViewContext, payer: Address): Amount
  /** Moves the fee from the payer to the treasury account. The caller has checked the balance. */
  charge(ctx: ExecuteContext, payer: Address, fee: Amount): void
  /** What charging touches. */
  declares(payer: Address): readonly Resource[]
}

export interface RegisteredMethod {
  readonly contract: Contract<never>
  readonly method: Method
  readonly descriptor: MethodDescriptor
}

/** The contracts of a chain with their ports bound. Immutable. */
export interface Registry {
  readonly contracts: readonly Contract<never>[]
  readonly fees: FeeProvider
  method(contract: Address, number: number): RegisteredMethod | undefined
  methodByName(contract: string, method: string): RegisteredMethod | undefined
  /** Throws `runtime.unknownContract`. */
  contract(name: string): Contract<never>
  /** Throws `runtime.unknownView`. */
  view(contract: string, view: string): View
  provider(port: string): PortProvider<unknown, unknown, unknown>
  /** A governed value of a contract at a height. Throws `param.unknown`. */
  param(contract: Address, name: string, height: bigint): bigint
}

export interface RegistryOptions {
  readonly contracts: readonly Contract<never>[]
  readonly ports: readonly PortBinding[]
  readonly fees: FeeProvider
  /** Values set by the chain's genesis, by `contract.param`; they replace the first step of the declaration. */
  readonly params?: Readonly<Record<string, bigint>>
}

function bindPorts(options: RegistryOptions): ReadonlyMap<string, PortProvider<unknown, unknown, unknown>> {
  const providers = new Map(options.ports.map(({ port, provider }) => [port, provider]))
  const names = new Set(options.contracts.map(({ identity }) => identity.name))
  for (const contract of options.contracts) {
    for (const { name } of contract.ports) {
      const provider = providers.get(name)
      if (provider === undefined || !names.has(provider.contract)) {
        throw new RuntimeError('runtime.port', `${contract.identity.name} needs the port ${name}, which is not bound`)
      }
    }
  }
  assertAcyclic(options, providers)
  return providers
}

function assertAcyclic(
  { contracts }: RegistryOptions,
  providers: ReadonlyMap<string, PortProvider<unknown, unknown, unknown>>,
): void {
  const needs = new Map(
    contracts.map(({ identity, ports }) => [
      identity.name,
      ports.map(({ name }) => providers.get(name)?.contract ?? ''),
    ]),
  )
  const done = new Set<string>()
  // Each pass settles the contracts whose needs are settled; what never settles is a cycle.
  for (let pass = 0; pass < contracts.length; pass++) {
    for (const [name, wanted] of needs) if (wanted.every((other) => done.has(other))) done.add(name)
  }
  if (done.size !== needs.size) throw new RuntimeError('runtime.port', 'contracts need each other in a circle')
}

function resolveParams(options: RegistryOptions): ParamTable {
  const steps: Record<string, readonly ParamStep[]> = {}
  for (const { identity, params } of options.contracts) {
    for (const param of params) steps[`${identity.name}.${param.name}`] = param.steps
  }
  for (const [name, value] of Object.entries(options.params ?? {})) {
    const declared = steps[name]
    if (declared === undefined) throw new RuntimeError('runtime.definition', `no contract declares the param ${name}`)
    steps[name] = [{ fromHeight: 0n, value }, ...declared.slice(1)]
  }
  return defineParams(steps)
}

interface MethodIndex {
  readonly byName: ReadonlyMap<string, RegisteredMethod>
  /** By contract, then by number: every transaction is looked up here. */
  readonly byNumber: ReadonlyMap<Address, ReadonlyMap<number, RegisteredMethod>>
}

function indexMethods(contracts: readonly Contract<never>[]): MethodIndex {
  const byName = new Map<string, RegisteredMethod>()
  const byNumber = new Map<Address, ReadonlyMap<number, RegisteredMethod>>()
  for (const contract of contracts) {
    const own = new Map<number, RegisteredMethod>()
    byNumber.set(contract.address, own)
    for (const method of contract.methods) {
      const entry = { contract, method, descriptor: describeMethod(contract, method) }
      own.set(method.number, entry)
      byName.set(`${contract.identity.name}.${method.name}`, entry)
    }
  }
  return { byName, byNumber }
}

/** Joins contracts into what an executor runs. Throws `runtime.port` when a need is unbound or circular. */
export function createRegistry(options: RegistryOptions): Registry {
  const providers = bindPorts(options)
  const params = resolveParams(options)
  const methods = indexMethods(options.contracts)
  const byName = new Map(options.contracts.map((contract) => [contract.identity.name, contract]))
  const nameOf = new Map(options.contracts.map(({ address, identity }) => [address, identity.name]))
  const contract = (name: string): Contract<never> => {
    const found = byName.get(name)
    if (found === undefined) throw new RuntimeError('runtime.unknownContract', `no contract ${name}`)
    return found
  }
  contract(options.fees.contract)
  return {
    contracts: options.contracts,
    fees: options.fees,
    method: (address, number) => methods.byNumber.get(address)?.get(number),
    methodByName: (name, method) => methods.byName.get(`${name}.${method}`),
    contract,
    view: (name, view) => {
      const found = contract(name).views.find((candidate) => candidate.name === view)
      if (found === undefined) throw new RuntimeError('runtime.unknownView', `${name} has no view ${view}`)
      return found
    },
    provider: (port) => {
      const found = providers.get(port)
      if (found === undefined) throw new RuntimeError('runtime.port', `the port ${port} is not bound`)
      return found
    },
    param: (address, name, height) => paramAt(params, `${nameOf.get(address)}.${name}`, height),
  }
}
