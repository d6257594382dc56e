import { pickThing, type Simulation, type SimulationOperation } from '#contracts/runtime'
import { NATIVE_SYMBOL, ONE_TOKEN, TOKEN } from './params.ts'

const operation = (name: string, weight: number, build: SimulationOperation['build']): SimulationOperation => ({
  name: `${TOKEN.name}.${name}`,
  weight,
  build,
})

const contract = TOKEN.name

/** Weighted random calls, most of them valid. */
export const simulation: Simulation = [
  operation('transfer', 10, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'transfer',
    args: { to: prng.pick(accounts), symbol: NATIVE_SYMBOL, amount: BigInt(prng.int(1000)) * ONE_TOKEN },
  })),
  operation('approve', 3, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'approve',
    args: { spender: prng.pick(accounts), symbol: NATIVE_SYMBOL, amount: BigInt(prng.int(500)) * ONE_TOKEN },
  })),
  operation('transferFrom', 3, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'transferFrom',
    args: {
      owner: prng.pick(accounts),
      to: prng.pick(accounts),
      symbol: NATIVE_SYMBOL,
      amount: BigInt(prng.int(100)) * ONE_TOKEN,
    },
  })),
  operation('create', 1, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'create',
    args: {
      symbol: `T${prng.int(8)}`,
      tokenName: 'Simulated',
      supply: BigInt(prng.u32()),
      burnable: prng.bool([1, 2]),
    },
  })),
  operation('lock', 3, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'lock',
    args: { symbol: NATIVE_SYMBOL, amount: BigInt(prng.int(300)) * ONE_TOKEN, lockDays: prng.int(40) },
  })),
  operation('unlock', 3, (prng, world) => {
    const lock = pickThing(prng, world, prng.bool([4, 5]) ? 'locks' : 'positions')
    return lock && { from: lock.from, contract, method: 'unlock', args: { lockId: lock.id } }
  }),
  operation('burn', 1, (prng, { accounts }) => ({
    from: prng.pick(accounts),
    contract,
    method: 'burn',
    args: { symbol: prng.pick([NATIVE_SYMBOL, 'T1', 'T2']), amount: BigInt(prng.int(50)) * ONE_TOKEN },
  })),
]
