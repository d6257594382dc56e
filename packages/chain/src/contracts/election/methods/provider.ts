import { everywhere, type PortProvider, type Resource, reading } from '#contracts/runtime'
import type { Address } from '#primitives'
import { ELECTION } from '../params.ts'
import { candidates, evicted, registeredCandidate, termResult } from '../state.ts'
import { currentProducers } from './producers.ts'

export interface ProducersReads {
  /** Elected for the running term and not evicted, in the order of the list. */
  producers(): readonly Address[]
  /** Registered now. */
  isDelegate(account: Address): boolean
}

export interface ProducersDeclares {
  producers(): readonly Resource[]
  delegate(account: Address): readonly Resource[]
}

/** Offered to contracts in which producers or delegates decide. */
export const producersProvider: PortProvider<ProducersReads, Readonly<Record<never, never>>, ProducersDeclares> = {
  contract: ELECTION.name,
  reads: (ctx) => ({
    producers: () =>
      currentProducers(ctx)
        .map(({ address }) => address)
        .filter((delegate) => ctx.get(evicted, { delegate }) === undefined),
    isDelegate: (account) => registeredCandidate(ctx, account) !== undefined,
  }),
  calls: () => ({}),
  declares: {
    producers: () => [reading(termResult), everywhere('read', evicted)],
    delegate: (account) => [reading(candidates, account)],
  },
}
