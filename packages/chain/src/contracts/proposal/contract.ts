import { type Contract, defineContract } from '#contracts/runtime'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { genesis, type ProposalGenesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { adopt } from './methods/adopt.ts'
import { decline } from './methods/decline.ts'
import { expire } from './methods/expire.ts'
import { review } from './methods/review.ts'
import { submit } from './methods/submit.ts'
import { withdraw } from './methods/withdraw.ts'
import { PROPOSAL, params } from './params.ts'
import { ports } from './ports.ts'
import { state } from './state.ts'
import { views } from './views.ts'

/** Feature proposals: submitted by the foundation, reviewed by delegates, adopted by producers. */
export const proposal: Contract<ProposalGenesis> = defineContract<ProposalGenesis>({
  identity: PROPOSAL,
  state,
  methods: [submit, adopt, decline, review, withdraw, expire],
  views,
  events,
  errors,
  params,
  ports,
  hooks: {},
  invariants,
  genesis,
})
