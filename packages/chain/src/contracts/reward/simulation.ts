import { pickThing, type Simulation } from '#contracts/runtime'
import { REWARD } from './params.ts'

const contract = REWARD.name

/** Weighted random calls. `made.positions` are votes, `accounts` are voters and delegates alike. */
export const simulation: Simulation = [
  {
    name: `${contract}.claim`,
    weight: 8,
    build: (prng, world) => {
      const position = pickThing(prng, world, 'positions')
      return position && { from: position.from, contract, method: 'claim', args: { lockId: position.id } }
    },
  },
  {
    name: `${contract}.claimCommission`,
    weight: 3,
    build: (prng, { accounts }) => ({ from: prng.pick(accounts), contract, method: 'claimCommission', args: {} }),
  },
]
