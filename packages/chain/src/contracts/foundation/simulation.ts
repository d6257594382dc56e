import type { Simulation, SimulationOperation } from '#contracts/runtime'
import { FOUNDATION } from './params.ts'

const contract = FOUNDATION.name

const operation = (name: string, weight: number, build: SimulationOperation['build']): SimulationOperation => ({
  name: `${contract}.${name}`,
  weight,
  build,
})

/** Weighted random calls; few accounts and thresholds, so that members meet on the same change. */
export const simulation: Simulation = [
  operation('addMember', 4, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'addMember',
    args: { member: prng.pick(accounts) },
  })),
  operation('removeMember', 3, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'removeMember',
    args: { member: prng.pick(accounts) },
  })),
  operation('setThreshold', 3, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'setThreshold',
    args: { threshold: prng.int(5) },
  })),
]
