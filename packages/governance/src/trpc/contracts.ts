import { descriptors } from '@aelf/chain/metadata'
import type { ContractInfo } from '@aelf/chain/rpc'
import type { ContractSource } from '#domain'
import type { TrpcContext } from './context.ts'

const TTL_MS = 3_000

export interface KnownContracts {
  readonly contracts: readonly ContractInfo[]
  readonly source: ContractSource
}

/** Number 0 holds the errors of the runtime; nobody can call it. */
const callable = (contracts: readonly ContractInfo[]): readonly ContractInfo[] =>
  contracts.filter(({ number }) => number > 0)

/** The contracts of the collection that runs, as the node tells them; those of this release while it does not answer. */
export function contractsNow(ctx: TrpcContext): Promise<KnownContracts> {
  return ctx.memory.remember('contracts', TTL_MS, async () => {
    const running = await ctx.node.contracts()
    return running === undefined
      ? { contracts: callable(descriptors), source: 'release' }
      : { contracts: callable(running), source: 'chain' }
  })
}

/** One of them by name, or by address in any letter case. */
export function contractNamed(contracts: readonly ContractInfo[], nameOrAddress: string): ContractInfo | undefined {
  const wanted = nameOrAddress.startsWith('0x') ? nameOrAddress.toLowerCase() : nameOrAddress
  return contracts.find(({ name, address }) => name === wanted || address === wanted)
}
