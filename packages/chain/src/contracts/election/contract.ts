import { type Contract, defineContract } from '#contracts/runtime'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { type ElectionGenesis, genesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { changeVote } from './methods/changeVote.ts'
import { endTerm } from './methods/elect.ts'
import { extend } from './methods/extend.ts'
import { quit } from './methods/quit.ts'
import { reclaimDeposit } from './methods/reclaimDeposit.ts'
import { register } from './methods/register.ts'
import { renewCommitment } from './methods/renewCommitment.ts'
import { reportDoubleMining } from './methods/reportDoubleMining.ts'
import { updateProfile } from './methods/updateProfile.ts'
import { vote } from './methods/vote.ts'
import { withdraw } from './methods/withdraw.ts'
import { ELECTION, params } from './params.ts'
import { ports } from './ports.ts'
import { state } from './state.ts'
import { views } from './views.ts'

/** Delegates, votes by locked ELF, and the weekly election of producers. */
export const election: Contract<ElectionGenesis> = defineContract<ElectionGenesis>({
  identity: ELECTION,
  state,
  methods: [
    register,
    updateProfile,
    renewCommitment,
    quit,
    reclaimDeposit,
    vote,
    changeVote,
    extend,
    withdraw,
    reportDoubleMining,
  ],
  views,
  events,
  errors,
  params,
  ports,
  hooks: { endBlock: endTerm },
  invariants,
  genesis,
})
