import type { MainChain } from '#chains'
import { createEraExecutor, type EraExecutor, singleEra } from '#executor'
import { type Authenticator, createAuthenticator, inlineExec, type NodePorts, plainDecoder } from '#node'
import { type Checks, plainChecks } from '#store'
import { sharedDecoder } from './decoder.ts'
import type { SimChain } from './genesis.ts'
import type { Knobs } from './knobs.ts'
import { sharedAdmission, sharedChecks, sharedEngine, sharedOutcomes } from './memo.ts'

/** What machines of one run work with; each does everything itself when the run says so. */
export interface SharedWork {
  /** The chain as the machines get it. */
  readonly chain: MainChain
  readonly checks: Checks
  readonly authenticator: Authenticator
  /** What is worked out once for all machines. */
  readonly ports: Pick<NodePorts, 'memo' | 'decoder' | 'executor'>
  readonly decode: (typeof plainDecoder)['block']
  readonly admission: ((executor: EraExecutor) => EraExecutor) | undefined
  /** Everything is worked out again. Answers whether there was anything to forget. */
  forget(): boolean
}

export function shareWork(knobs: Knobs, { chain }: SimChain): SharedWork {
  const executor = createEraExecutor(singleEra(chain.first))
  const authenticator = createAuthenticator({
    exec: inlineExec,
    network: chain.network,
    method: (tx) => executor.methodOf(tx),
  })
  const { block: decode } = plainDecoder
  if (knobs.executeAll)
    return { chain, checks: plainChecks, authenticator, ports: {}, decode, admission: undefined, forget: () => false }
  const engine = sharedEngine(chain)
  const [outcomes, decoder, checks] = [sharedOutcomes(), sharedDecoder(), sharedChecks()]
  const judged = sharedAdmission({ upgrades: knobs.upgrade !== undefined })
  const forgetful = [engine, outcomes, decoder, judged, checks]
  return {
    chain: engine.value,
    checks: checks.value,
    authenticator,
    ports: { memo: outcomes.value, decoder: decoder.value, executor: judged.value(executor) },
    decode: decoder.value.block,
    admission: judged.value,
    forget: () => {
      for (const { forget } of forgetful) forget()
      return true
    },
  }
}

/** Runs whatever can be run, for who keeps no rules. */
export function executorOfAll({ chain, successors }: SimChain): EraExecutor {
  return createEraExecutor({
    first: chain.first,
    find: (hash) => successors.open(hash),
    obtain: async (hash) => successors.open(hash),
  })
}
