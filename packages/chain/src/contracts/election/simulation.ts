import { pickThing, type Simulation, type SimulationOperation } from '#contracts/runtime'
import { bytesToHex } from '#primitives'
import { ELECTION } from './params.ts'

const contract = ELECTION.name
const ONE_ELF = 100_000_000n

const operation = (name: string, weight: number, build: SimulationOperation['build']): SimulationOperation => ({
  name: `${contract}.${name}`,
  weight,
  build,
})

/** Weighted random calls. `made.positions` are votes, `accounts` are voters and delegates alike. */
export const simulation: Simulation = [
  operation('register', 2, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'register',
    args: {
      name: `Delegate ${prng.int(100)}`,
      url: prng.bool([1, 2]) ? '' : 'https://delegate.example',
      commitment: bytesToHex(prng.bytes(32)),
      commissionBps: prng.int(10_001),
    },
  })),
  operation('updateProfile', 1, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'updateProfile',
    args: { name: `Renamed ${prng.int(100)}`, url: '', commissionBps: prng.int(11_000) },
  })),
  operation('renewCommitment', 1, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'renewCommitment',
    args: { commitment: bytesToHex(prng.bytes(32)) },
  })),
  operation('quit', 2, (prng, { accounts }) => ({ from: prng.pick(accounts), contract, method: 'quit', args: {} })),
  operation('reclaimDeposit', 6, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'reclaimDeposit',
    args: {},
  })),
  operation('vote', 12, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'vote',
    args: {
      delegate: prng.pick(accounts),
      amount: BigInt(prng.int(5000)) * ONE_ELF + BigInt(prng.int(1000)),
      lockDays: 85 + prng.int(1000),
    },
  })),
  operation('changeVote', 4, (prng, world) => {
    const position = pickThing(prng, world, 'positions')
    const delegate = prng.pick(world.accounts)
    return position && { from: position.from, contract, method: 'changeVote', args: { lockId: position.id, delegate } }
  }),
  operation('extend', 4, (prng, world) => {
    const position = pickThing(prng, world, 'positions')
    const lockDays = 85 + prng.int(1000)
    return position && { from: position.from, contract, method: 'extend', args: { lockId: position.id, lockDays } }
  }),
  operation('withdraw', 6, (prng, world) => {
    const position = pickThing(prng, world, 'positions')
    return position && { from: position.from, contract, method: 'withdraw', args: { lockId: position.id } }
  }),
]
