import { type Contract, defineContract } from '#contracts/runtime'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { genesis, type RewardGenesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { claim } from './methods/claim.ts'
import { claimCommission } from './methods/claimCommission.ts'
import { countBlock } from './methods/term.ts'
import { params, REWARD } from './params.ts'
import { ports } from './ports.ts'
import { state } from './state.ts'
import { views } from './views.ts'

/** Block rewards and fees, shared with producers and with those who elected them. */
export const reward: Contract<RewardGenesis> = defineContract<RewardGenesis>({
  identity: REWARD,
  state,
  methods: [claim, claimCommission],
  views,
  events,
  errors,
  params,
  ports,
  hooks: { endBlock: countBlock },
  invariants,
  genesis,
})
