import { adding, defineMethod, type Method, writing } from '#contracts/runtime'
import { nothingToClaim } from '../errors.ts'
import { commissionClaimedEvent } from '../events.ts'
import { fundsPort } from '../ports.ts'
import { commissions, owed } from '../state.ts'

/**
 * Pays a delegate the commission of the terms that have ended.
 * Origin: whoever produced, registered or not · Requires: something earned · Effects: the amount is in the balance
 * Events: CommissionClaimed, token Transfer · Errors: nothingToClaim · Cost: 1 read, 4 writes · Refs: REWARD-CLAIM-2
 */
export const claimCommission: Method = defineMethod({
  number: 2,
  signature: 'function claimCommission()',
  intent: 'Claim the commission earned as a delegate',
  doc: 'Pays the sending delegate its commission of the terms that have ended.',
  resources: (_, { from, declares }) => [writing(commissions, from), adding(owed), ...declares(fundsPort).paying(from)],
  verify: (ctx) => (ctx.count(commissions, { delegate: ctx.env.from }) === 0n ? nothingToClaim : undefined),
  execute: (ctx) => {
    const delegate = ctx.env.from
    const amount = ctx.count(commissions, { delegate })
    ctx.add(commissions, { delegate }, -amount)
    ctx.add(owed, {}, -amount)
    ctx.call(fundsPort).pay({ to: delegate, amount })
    ctx.emit(commissionClaimedEvent, { delegate, amount })
  },
})
