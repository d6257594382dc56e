import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { electionSimulation } from '#contracts/election'
import { foundationSimulation } from '#contracts/foundation'
import { proposalSimulation } from '#contracts/proposal'
import { rewardSimulation } from '#contracts/reward'
import { pickOperation, type SimulatedCall, type SimulatedThing } from '#contracts/runtime'
import { tokenSimulation } from '#contracts/token'
import {
  conflicts,
  createCostBook,
  createParallelExecutor,
  type ResourceMap,
  resourceMap,
  resourcesOf,
} from '#executor'
import { decodeArgs, transactionId } from '#kernel'
import { type Address, createPrng, type Prng } from '#primitives'
import { inlineLanes, outcomeOf } from '../lanes/index.ts'
import {
  createSandbox,
  GovernanceModel,
  SANDBOX_GENESIS_MS,
  type Sandbox,
  sandboxAccount,
  sandboxCommitment,
} from './index.ts'

const ELF = 100_000_000n
const DAY = 86_400_000n
const DEPOSIT = 3_000n * ELF
const FIRST_N = 1n
const accounts = Array.from({ length: 7 }, (_, n) => sandboxAccount(n))
const initial = Array.from({ length: 4 }, (_, n) => sandboxAccount(n + 5))
const BLOCK_REWARD = 31n * ELF + 7n
const HALVING_SECONDS = 45n * 86_400n
const REWARDS = `0xae1f${'0'.repeat(35)}4`
const CHANGE_SECONDS = 60n * 86_400n
const PROPOSAL_DEPOSIT = 700n * ELF
const PERIOD_SECONDS = 200n * 86_400n
const simulation = [
  ...tokenSimulation,
  ...electionSimulation,
  ...rewardSimulation,
  ...foundationSimulation,
  ...proposalSimulation,
]

interface World {
  readonly box: Sandbox
  readonly model: GovernanceModel
  readonly made: { locks: SimulatedThing[]; positions: SimulatedThing[]; proposals: SimulatedThing[] }
  readonly prng: Prng
  readonly tally: Map<string, number>
}

function createWorld(seed: number): World {
  const balances = accounts.map((account) => ({ account, amount: 20_000n * ELF }))
  const members = accounts.slice(0, 3)
  const box = createSandbox({
    balances,
    members,
    memberThreshold: 2,
    producers: initial.map((address, n) => ({ address, commitment: sandboxCommitment(n) })),
    params: {
      'election.deposit': DEPOSIT,
      'election.firstN': FIRST_N,
      'reward.blockReward': BLOCK_REWARD,
      'reward.halvingSeconds': HALVING_SECONDS,
      'foundation.changeSeconds': CHANGE_SECONDS,
      'proposal.deposit': PROPOSAL_DEPOSIT,
      'proposal.periodSeconds': PERIOD_SECONDS,
    },
  })
  const model = new GovernanceModel({
    deposit: DEPOSIT,
    firstN: FIRST_N,
    genesisMs: SANDBOX_GENESIS_MS,
    initial,
    blockReward: BLOCK_REWARD,
    halvingMs: HALVING_SECONDS * 1000n,
    members,
    memberThreshold: 2,
    changeMs: CHANGE_SECONDS * 1000n,
    proposalDeposit: PROPOSAL_DEPOSIT,
    periodMs: PERIOD_SECONDS * 1000n,
  })
  model.issue(
    'ELF',
    balances.map(({ account, amount }) => [account, amount] as const),
  )
  return {
    box,
    model,
    made: { locks: [], positions: [], proposals: [] },
    prng: createPrng(BigInt(seed)),
    tally: new Map(),
  }
}

function randomCalls({ box, prng, made }: World, count: number): SimulatedCall[] {
  const calls = Array.from({ length: count }, () =>
    pickOperation(prng, simulation)?.build(prng, { accounts, made }),
  ).filter((call) => call !== undefined)
  // As in a block: what runs alone comes last.
  const alone = ({ contract, method }: SimulatedCall): boolean =>
    box.registry.methodByName(contract, method)?.method.nonParallel === true
  return [...calls.filter((call) => !alone(call)), ...calls.filter(alone)]
}

/** One block in both worlds, compared. */
function playBlock(world: World): void {
  const { box, model, made, prng, tally } = world
  if (prng.bool([1, 3])) box.advance(BigInt(prng.int(40)) * DAY + BigInt(prng.int(20_000)) * 4_000n)
  const calls = randomCalls(world, 1 + prng.int(14))
  const producer = prng.pick(model.producers)
  box.produce(producer as Address)
  const { receipts, summary } = box.block(calls)
  const nowMs = box.timeMs()
  for (const [index, { transactionId: id, fee, status, error }] of receipts.entries()) {
    const call = calls[index]!
    const name = `${call.contract}.${call.method} ${status}`
    tally.set(name, (tally.get(name) ?? 0) + 1)
    expect(error?.contract, 'no call touches what it did not declare, none breaks an assertion').not.toBe(0)
    expect({ name: `${call.method}`, ok: status === 'success' }).toEqual({
      name: call.method,
      ok: model.apply(call, { nowMs, id, fee }),
    })
    if (status === 'success' && call.method === 'lock') made.locks.push({ id, owner: call.from })
    if (status === 'success' && call.method === 'vote') made.positions.push({ id, owner: call.from })
    // Old ones are forgotten, so that choices meet on those that are open.
    if (status === 'success' && call.method === 'submit')
      made.proposals = [...made.proposals.slice(-3), { id, owner: call.from }]
  }
  expect(summary.termResult?.map(({ address }) => address)).toEqual(model.endBlock(nowMs, producer))
}

function compare({ box, model }: World): void {
  const view = (name: string, args: Record<string, string>) => box.view('token', name, args)
  for (const symbol of model.tokens.keys()) {
    for (const account of accounts) {
      expect(view('balanceOf', { account, symbol })).toBe(model.balance(account, symbol))
      expect(view('lockedOf', { account, symbol })).toBe(model.lockedOf(account, symbol))
    }
  }
  for (const [key, amount] of model.allowances) {
    const [owner = '', spender = '', symbol = ''] = key.split(' ')
    expect(view('allowance', { owner, spender, symbol })).toBe(amount)
  }
  const ranking = box.view('election', 'ranking') as unknown as { delegate: Address; weight: bigint }[]
  expect(ranking.map(({ delegate, weight }) => ({ delegate, weight }))).toEqual(model.ranking(box.timeMs()))
  for (const account of accounts) {
    const positions = box.view('election', 'positionsOf', { account }) as unknown as {
      lockId: string
      amount: bigint
    }[]
    const wanted = [...model.positions].filter(([, { owner }]) => owner === account)
    expect(positions.map(({ lockId, amount }) => [lockId, amount])).toEqual(
      wanted.map(([id, { amount }]) => [id, amount]),
    )
    for (const { lockId, amount } of positions) {
      expect(view('lockOf', { lockId })).toMatchObject({
        owner: account,
        amount,
        holder: expect.stringMatching(/0002$/),
      })
      expect(box.view('reward', 'claimable', { lockId })).toMatchObject({
        owner: account,
        amount: model.rewards.claimable(lockId),
      })
    }
  }
  compareRewards({ box, model })
  compareProposals({ box, model })
}

function compareRewards({ box, model }: Pick<World, 'box' | 'model'>): void {
  for (const delegate of [...accounts, ...initial]) {
    const commission = box.view('reward', 'claimableCommission', { delegate })
    expect(commission).toBe(model.rewards.commissions.get(delegate) ?? 0n)
  }
  const supply = box.view('token', 'tokenInfo', { symbol: 'ELF' }) as unknown as { supply: bigint }
  expect(supply.supply).toBe(model.tokens.get('ELF')?.supply)
  const held = box.view('token', 'balanceOf', { account: REWARDS, symbol: 'ELF' }) as bigint
  expect(held).toBe(model.balance(REWARDS, 'ELF'))
  const { owed } = box.view('reward', 'runningTerm') as unknown as { owed: bigint }
  expect(owed).toBe(model.rewards.owed)
  expect(owed <= held).toBe(true)
}

function compareProposals({ box, model }: Pick<World, 'box' | 'model'>): void {
  expect(box.view('foundation', 'members')).toEqual({ members: model.members, threshold: model.threshold })
  const waiting = box.view('foundation', 'openChanges') as unknown as { voters: string[] }[]
  const running = [...model.changes.values()].filter(({ endsAt }) => endsAt > box.timeMs())
  expect(waiting.map(({ voters }) => voters.filter((voter) => model.members.includes(voter))).sort()).toEqual(
    running.map(({ voters }) => voters.filter((voter) => model.members.includes(voter))).sort(),
  )
  const names = ['', 'open', 'approved', 'rejected', 'withdrawn', 'expired']
  for (const [proposalId, expected] of model.proposals) {
    const found = box.view('proposal', 'proposal', { proposalId }) as unknown as Record<string, number>
    const late = expected.status === 'open' && expected.endsAt <= box.timeMs()
    expect(names[found.status ?? 0]).toBe(late ? 'expired' : expected.status)
    expect(found).toMatchObject({
      adopted: model.tally(proposalId, 'adopt'),
      declined: model.tally(proposalId, 'decline'),
      electorate: expected.electorate.length,
    })
    const reviews = box.view('proposal', 'reviews', { proposalId }) as unknown as {
      reviewer: string
      verdict: number
    }[]
    expect(reviews.map(({ reviewer, verdict }) => [reviewer, verdict])).toEqual([...expected.reviews])
  }
}

const COVERING = [1, 2, 3, 4, 5, 6]

describe('random calls', () => {
  test('the contracts equal the model, and every invariant holds [TOKEN-SUPPLY-1] [TOKEN-SUPPLY-2] [ELECTION-SUM-1] [ELECTION-SUM-2] [REWARD-SUM-1] [REWARD-SUM-2] [FOUNDATION-SUM-1] [PROPOSAL-SUM-1] [PROPOSAL-SUM-2]', () => {
    const total = new Map<string, number>()
    const endings = new Set<string>()
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const world = createWorld(seed)
        for (let block = 0; block < 80; block++) {
          playBlock(world)
          if (block % 10 === 9) compare(world)
          if (block % 20 === 19) expect(world.box.violations()).toEqual([])
        }
        for (const { status } of world.model.proposals.values()) endings.add(status)
        for (const [name, count] of world.tally) total.set(name, (total.get(name) ?? 0) + count)
      }),
      // The first ones succeed with everything between them; the rest are others each time.
      { numRuns: 12, examples: COVERING.map((seed) => [seed]) },
    )
    // A generator that never succeeds proves nothing.
    expect([...endings].sort()).toEqual(['approved', 'expired', 'open', 'rejected', 'withdrawn'])
    for (const { name } of simulation) expect(total.get(`${name} success`) ?? 0, name).toBeGreaterThan(0)
  }, 120_000)
})

/** Groups of transactions that may conflict, each in block order; a group comes where its first member stood. */
function regroup(maps: readonly ResourceMap[]): number[] {
  const group = maps.map((_, index) => index)
  const find = (at: number): number => (group[at] === at ? at : find(group[at]!))
  for (const [b] of maps.entries())
    for (let a = 0; a < b; a++) if (conflicts(maps[a]!, maps[b]!)) group[find(b)] = find(a)
  return maps.map((_, index) => index).sort((a, b) => find(b) - find(a) || a - b)
}

describe('declared resources', () => {
  test('transactions that do not conflict give the same in any order [RUNTIME-ACCESS-2]', () => {
    let moved = 0
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const world = createWorld(seed)
        for (let block = 0; block < 25; block++) playBlock(world)
        const { box } = world
        const transactions = randomCalls(world, 14)
          .filter(({ contract, method }) => box.registry.methodByName(contract, method)?.method.nonParallel === false)
          .map((call) => box.transaction(call))
        const maps = transactions.map((transaction) => {
          const registered = box.registry.method(transaction.contract, transaction.method)!
          const args = decodeArgs(registered.method.abi, transaction.args)
          return resourceMap(
            resourcesOf(box.registry, box.env(), {
              registered,
              from: transaction.from,
              transactionId: transactionId(transaction),
              args,
            }),
          )
        })
        const order = regroup(maps)
        if (order.some((from, to) => from !== to)) moved++
        const run = (list: typeof transactions) =>
          box.executor.execute({
            parentState: box.state(),
            transactions: list,
            env: box.env(),
            feePolicy: { feeOf: () => 1_000n },
            mode: 'validate',
          })
        const straight = run(transactions)
        const grouped = run(order.map((index) => transactions[index]!))
        expect(new Map(grouped.receipts.map((receipt) => [receipt.transactionId, receipt]))).toEqual(
          new Map(straight.receipts.map((receipt) => [receipt.transactionId, receipt])),
        )
        expect(box.state().update(grouped.diff).root).toBe(box.state().update(straight.diff).root)
      }),
      { numRuns: 40 },
    )
    expect(moved).toBeGreaterThan(10)
  })

  test('blocks of all contracts come to the same when their groups are executed in lanes [EXEC-SERIAL-1]', async () => {
    let shared = 0
    for (let seed = 0; seed < 6; seed++) {
      const world = createWorld(seed)
      const { registry } = world.box
      const lanes = inlineLanes(registry, 2)
      const parallel = createParallelExecutor(registry, {
        lanes: {
          ...lanes,
          open: (lane, order) => {
            shared += 1
            return lanes.open(lane, order)
          },
        },
        measuring: { costs: createCostBook() },
        breakEven: { blockUs: 0, callUs: 0 },
      })
      for (let block = 0; block < 40; block++) {
        playBlock(world)
        const { box } = world
        const transactions = randomCalls(world, 20).map((call) => box.transaction(call))
        const feePolicy = { feeOf: () => 1_000n }
        const input = { parentState: box.state(), transactions, env: box.env(), feePolicy, mode: 'build' as const }
        expect((await outcomeOf(parallel, input)).text).toBe((await outcomeOf(box.executor, input)).text)
      }
    }
    expect(shared).toBeGreaterThan(200)
  }, 60_000)
})
