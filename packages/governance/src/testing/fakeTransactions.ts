import { type Address, DAY_MS, type Hex, stakeWeight } from '#domain'
import type { SourceEvent, SourceTransaction } from '#indexer'
import { type Drawn, type Maker, type MakeScope, move } from './fakeMaker.ts'
import { choose, propose, reviewProposal, withdrawProposal } from './fakeProposals.ts'
import {
  digest,
  ELECTION,
  type FakePosition,
  type FakeState,
  FEE,
  PROPOSAL,
  pick,
  REWARD,
  TOKEN,
  TREASURY,
  timeOf,
} from './fakeState.ts'

/** A random transaction that the state allows, applied to it. */
export function makeTransaction(scope: MakeScope): SourceTransaction {
  const { state, roll, accounts, slot, salt } = scope
  const from = pick(accounts, roll(accounts.length))
  const id = digest('transaction', salt, from)
  const makers = [
    transfer,
    transfer,
    vote,
    vote,
    changeVote,
    extend,
    withdraw,
    updateProfile,
    claim,
    claim,
    fail,
    propose,
    choose,
    choose,
    choose,
    reviewProposal,
    withdrawProposal,
  ]
  move(state, from, 'ELF', { available: -FEE })
  move(state, TREASURY, 'ELF', { available: FEE })
  const drawn = pick(makers, roll(makers.length))({ ...scope, from, id }) ?? fail()
  const isFailed = drawn.isFailed === true
  return {
    id,
    envelope: '0x00',
    from,
    contract: drawn.contract,
    contractAddress: { token: TOKEN, election: ELECTION, reward: REWARD, proposal: PROPOSAL }[drawn.contract],
    method: drawn.method,
    args: drawn.args,
    intent: `${drawn.method} by ${from}`,
    refHeight: 0n,
    refHash: '0x0000000000000000',
    feeLimit: FEE,
    nonce: digest(salt, slot).slice(0, 18) as Hex,
    success: !isFailed,
    error: isFailed ? { code: 'token.insufficientBalance', help: 'Send less.' } : null,
    fee: FEE,
    events: drawn.events,
  }
}

const tokenEvent = (name: string, fields: SourceEvent['fields']): SourceEvent => ({
  contract: 'token',
  contractAddress: TOKEN,
  name,
  fields,
})
const electionEvent = (name: string, fields: SourceEvent['fields']): SourceEvent => ({
  contract: 'election',
  contractAddress: ELECTION,
  name,
  fields,
})

function fail(): Drawn {
  return { contract: 'token', method: 'transfer', args: { symbol: 'ELF', amount: '1' }, events: [], isFailed: true }
}

const transfer: Maker = ({ state, roll, accounts, from }) => {
  const to = pick(accounts, roll(accounts.length))
  const amount = BigInt(1 + roll(1_000_000))
  move(state, from, 'ELF', { available: -amount })
  move(state, to, 'ELF', { available: amount })
  const args = { to, symbol: 'ELF', amount: amount.toString() }
  return { contract: 'token', method: 'transfer', args, events: [tokenEvent('Transfer', { from, ...args })] }
}

const vote: Maker = ({ state, roll, producers, from, id, slot }) => {
  const delegate = pick(producers, roll(producers.length))
  const amount = BigInt(100_000_000 + roll(1_000_000_000))
  const lockDays = 90 + roll(991)
  const weight = stakeWeight(amount, lockDays)
  const endsAt = timeOf(slot) + lockDays * DAY_MS
  state.positions.set(id, { lockId: id, owner: from, delegate, amount, weight, endsAt })
  move(state, from, 'ELF', { available: -amount, locked: amount })
  const common = { lockId: id, owner: from, amount: amount.toString(), endsAt: endsAt.toString() }
  return {
    contract: 'election',
    method: 'vote',
    args: { delegate, amount: amount.toString(), lockDays },
    events: [
      tokenEvent('Locked', { ...common, symbol: 'ELF', holder: ELECTION }),
      electionEvent('Voted', {
        lockId: id,
        voter: from,
        amount: amount.toString(),
        endsAt: endsAt.toString(),
        delegate,
        lockDays,
        weight: weight.toString(),
      }),
    ],
  }
}

const ownPosition = (state: FakeState, roll: (sides: number) => number, owner: Address): FakePosition | undefined => {
  const own = [...state.positions.values()].filter((position) => position.owner === owner)
  return own[own.length === 0 ? 0 : roll(own.length)]
}

const changeVote: Maker = ({ state, roll, producers, from }) => {
  const position = ownPosition(state, roll, from)
  if (position === undefined) return undefined
  const { lockId, owner } = position
  const delegate = pick(producers, roll(producers.length))
  state.positions.set(lockId, { ...position, delegate })
  return {
    contract: 'election',
    method: 'changeVote',
    args: { lockId, delegate },
    events: [
      electionEvent('VoteChanged', {
        lockId,
        voter: owner,
        delegate,
        former: position.delegate,
        weight: position.weight.toString(),
      }),
    ],
  }
}

const extend: Maker = ({ state, roll, from, slot }) => {
  const position = ownPosition(state, roll, from)
  if (position === undefined) return undefined
  const { lockId, owner, delegate, amount } = position
  const lockDays = 1_000 + roll(81)
  const weight = stakeWeight(amount, lockDays) > position.weight ? stakeWeight(amount, lockDays) : position.weight
  const endsAt = timeOf(slot) + lockDays * DAY_MS
  state.positions.set(lockId, { ...position, weight, endsAt })
  const fields = { lockId, voter: owner, delegate, lockDays, endsAt: endsAt.toString(), weight: weight.toString() }
  return {
    contract: 'election',
    method: 'extend',
    args: { lockId, lockDays },
    events: [electionEvent('Extended', fields)],
  }
}

const withdraw: Maker = ({ state, roll, from }) => {
  const position = ownPosition(state, roll, from)
  if (position === undefined) return undefined
  const { lockId, owner, delegate, amount } = position
  state.positions.delete(lockId)
  move(state, owner, 'ELF', { available: amount, locked: -amount })
  const events = [
    tokenEvent('Unlocked', { lockId, owner, symbol: 'ELF', amount: amount.toString() }),
    electionEvent('Withdrawn', { lockId, voter: owner, delegate, amount: amount.toString() }),
  ]
  return { contract: 'election', method: 'withdraw', args: { lockId }, events }
}

/** Pays some of what the contract holds; how much a vote earned is not this chain's concern. */
const claim: Maker = ({ state, roll, from }) => {
  const position = ownPosition(state, roll, from)
  const held = state.holdings.get(`${REWARD}ELF`)?.available ?? 0n
  const amount = BigInt(1 + roll(1_000_000))
  if (position === undefined || held < amount) return undefined
  move(state, REWARD, 'ELF', { available: -amount })
  move(state, from, 'ELF', { available: amount })
  const { lockId, delegate } = position
  const isCommission = roll(2) === 0
  const paid = { contract: 'reward', contractAddress: REWARD } as const
  const text = amount.toString()
  return {
    contract: 'reward',
    method: isCommission ? 'claimCommission' : 'claim',
    args: isCommission ? {} : { lockId },
    events: [
      tokenEvent('Transfer', { from: REWARD, to: from, symbol: 'ELF', amount: text }),
      isCommission
        ? { ...paid, name: 'CommissionClaimed', fields: { delegate: from, amount: text } }
        : { ...paid, name: 'Claimed', fields: { lockId, owner: from, delegate, amount: text } },
    ],
  }
}

const updateProfile: Maker = ({ state, roll, producers, salt }) => {
  const delegate = pick(producers, roll(producers.length))
  const profile = { name: `Delegate ${salt}`, url: `https://delegate.example/${salt}`, commissionBps: roll(10_001) }
  state.delegates.set(delegate, profile)
  return {
    contract: 'election',
    method: 'updateProfile',
    args: profile,
    events: [electionEvent('ProfileUpdated', { delegate, ...profile })],
  }
}
