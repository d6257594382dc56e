import { listTokens } from '#db'
import { dataAge } from '../age.ts'
import { procedure, router } from '../init.ts'
import type { RouterOf, TokenRecord } from '../surface.ts'

export const tokenRouter: RouterOf<TokenRecord> = router({
  list: procedure.query(async ({ ctx }) => ({ items: await listTokens(ctx.database), asOf: await dataAge(ctx) })),
})
