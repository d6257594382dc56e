import { type Contract, defineContract } from '#contracts/runtime'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { type FoundationGenesis, genesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { addMember } from './methods/addMember.ts'
import { removeMember } from './methods/removeMember.ts'
import { setThreshold } from './methods/setThreshold.ts'
import { FOUNDATION, params } from './params.ts'
import { ports } from './ports.ts'
import { state } from './state.ts'
import { views } from './views.ts'

/** Who may submit feature proposals, changed by its own vote. */
export const foundation: Contract<FoundationGenesis> = defineContract<FoundationGenesis>({
  identity: FOUNDATION,
  state,
  methods: [addMember, removeMember, setThreshold],
  views,
  events,
  errors,
  params,
  ports,
  hooks: {},
  invariants,
  genesis,
})
