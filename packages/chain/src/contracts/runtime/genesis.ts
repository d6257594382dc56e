import type { StateReader } from '#kernel'
import { type Bytes, type Hash, ZERO_HASH } from '#primitives'
import { createJournal } from './blockJournal.ts'
import type { BlockEnvironment } from './context.ts'
import type { Contract } from './contract.ts'
import type { WrittenKey } from './journal.ts'
import type { Registry } from './registry.ts'
import { UNLIMITED } from './resource.ts'
import { createContext } from './scope.ts'

/** A contract with the options of its genesis; made by `genesisOf`. */
export interface GenesisStep {
  readonly contract: string
  run(registry: Registry, block: BlockEnvironment, journal: ReturnType<typeof createJournal>): void
}

/** Pairs a contract with its genesis options, keeping the type of the options. */
export function genesisOf<G>(contract: Contract<G>, options: G): GenesisStep {
  return {
    contract: contract.identity.name,
    run: (registry, block, journal) => {
      const { address } = contract
      const scope = { registry, journal, access: UNLIMITED, block, from: address, transactionId: ZERO_HASH }
      contract.genesis(createContext(scope, address, address), options)
    },
  }
}

const EMPTY: StateReader = { get: () => undefined }

export interface GenesisState {
  readonly state: ReadonlyMap<Hash, Bytes>
  /** Keys behind the paths, for `createStateScan`. */
  readonly written: ReadonlyMap<Hash, WrittenKey>
}

/** First state of a chain: steps run in order, so a contract can use the state of earlier ones through its ports. */
export function buildGenesisState(
  registry: Registry,
  block: BlockEnvironment,
  steps: readonly GenesisStep[],
): GenesisState {
  const journal = createJournal(EMPTY)
  for (const step of steps) step.run(registry, block, journal)
  const state = new Map<Hash, Bytes>()
  for (const [path, value] of journal.diff()) if (value !== null) state.set(path, value)
  return { state, written: journal.written() }
}
