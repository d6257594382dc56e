import { z } from 'zod'
import { endSession } from '#db'
import { actorOf, mutation, procedure, router } from '../init.ts'
import { signedText } from '../inputs.ts'
import { createChallenge, hashToken, signIn } from '../signIn.ts'
import type { RouterOf, SessionRecord } from '../surface.ts'

/** Of all people together: each costs a signature check, none locks out a person. */
const PER_MINUTE = 600

export const sessionRouter: RouterOf<SessionRecord> = router({
  current: procedure.query(async ({ ctx }) => ({ address: (await actorOf(ctx))?.address ?? null })),
  challenge: mutation('challenge', PER_MINUTE).mutation(({ ctx }) => createChallenge(ctx)),
  signIn: mutation('signIn', PER_MINUTE)
    .input(z.object(signedText).strict())
    .mutation(async ({ ctx, input }) => ({ address: await signIn(ctx, input) })),
  signOut: mutation('signOut', PER_MINUTE).mutation(async ({ ctx }) => {
    const token = ctx.request?.sessionToken
    if (token !== undefined) await endSession(ctx.database, hashToken(token))
    ctx.request?.setSession(undefined)
    return { address: null }
  }),
})
