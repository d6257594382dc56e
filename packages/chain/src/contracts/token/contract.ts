import { type Contract, defineContract } from '#contracts/runtime'
import { errors } from './errors.ts'
import { events } from './events.ts'
import { genesis, type TokenGenesis } from './genesis.ts'
import { invariants } from './invariants.ts'
import { approve } from './methods/approve.ts'
import { burn } from './methods/burn.ts'
import { create } from './methods/create.ts'
import { lock } from './methods/lock.ts'
import { transfer } from './methods/transfer.ts'
import { transferFrom } from './methods/transferFrom.ts'
import { unlock } from './methods/unlock.ts'
import { params, TOKEN } from './params.ts'
import { ports } from './ports.ts'
import { state } from './state.ts'
import { views } from './views.ts'

/** Tokens: balances, allowances, time locks, and the fees and stakes other parts take from them. */
export const token: Contract<TokenGenesis> = defineContract<TokenGenesis>({
  identity: TOKEN,
  state,
  methods: [transfer, approve, transferFrom, create, lock, unlock, burn],
  views,
  events,
  errors,
  params,
  ports,
  hooks: {},
  invariants,
  genesis,
})
