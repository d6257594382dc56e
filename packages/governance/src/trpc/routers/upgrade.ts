import { z } from 'zod'
import { procedure, router } from '../init.ts'
import { hashInput, toHash } from '../inputs.ts'
import type { RouterOf, UpgradeRecord } from '../surface.ts'
import { getUpgrade, getUpgrades } from '../upgrades.ts'

export const upgradeRouter: RouterOf<UpgradeRecord> = router({
  overview: procedure.query(({ ctx }) => getUpgrades(ctx)),
  get: procedure.input(z.object({ id: hashInput })).query(({ ctx, input }) => getUpgrade(ctx, toHash(input.id))),
})
