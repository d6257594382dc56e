import { type Contract, defineContract } from '#contracts/runtime'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { type CollectionGenesis, genesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { countSignal } from './methods/countSignal.ts'
import { methods } from './methods/index.ts'
import { COLLECTION, params } from './params.ts'
import { ports } from './ports.ts'
import { state } from './state.ts'
import { views } from './views.ts'

/** Which code the chain runs, and how it is replaced while the chain runs. */
export const collection: Contract<CollectionGenesis> = defineContract<CollectionGenesis>({
  identity: COLLECTION,
  state,
  methods,
  views,
  events,
  errors,
  params,
  ports,
  hooks: { endBlock: countSignal },
  invariants,
  genesis,
})
