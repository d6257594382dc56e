import { type Contract, defineContract } from '#contracts/runtime'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { type ConsensusGenesis, genesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { methods } from './methods/index.ts'
import { CONSENSUS, params } from './params.ts'
import { ports } from './ports.ts'
import { state } from './state.ts'
import { views } from './views.ts'

/** The numbers the consensus runs by, as contracts and clients see them. */
export const consensus: Contract<ConsensusGenesis> = defineContract<ConsensusGenesis>({
  identity: CONSENSUS,
  state,
  methods,
  views,
  events,
  errors,
  params,
  ports,
  hooks: {},
  invariants,
  genesis,
})
