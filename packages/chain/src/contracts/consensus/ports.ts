import type { Port, PortProvider } from '#contracts/runtime'
import { CONSENSUS } from './params.ts'

/** This contract needs no other. */
export const ports: readonly Port[] = []

export interface ParameterReads {
  /** A consensus parameter at the current height. Throws `param.unknown`. */
  value(name: string): bigint
}

/** Offered to contracts that keep time by the consensus. */
export const parameterProvider: PortProvider<
  ParameterReads,
  Readonly<Record<never, never>>,
  Readonly<Record<never, never>>
> = {
  contract: CONSENSUS.name,
  reads: (ctx) => ({ value: (name) => ctx.env.param(name) }),
  calls: () => ({}),
  declares: {},
}
