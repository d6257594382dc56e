import { createMainChain, type MainChain } from '#chains'
import { createRevealChain, type RevealChain } from '#consensus/dpos'
import { ONE_TOKEN } from '#contracts/token'
import { type Address, type Bytes, createPrng, privateKeyToAddress, sha256, utf8ToBytes } from '#primitives'
import type { Knobs, UpdateRule } from './knobs.ts'
import { type OracleGenesis, plainHex } from './oracle/chain.ts'
import { describeSuccessors, paramsOf, Successors } from './upgrade/successors.ts'

export interface Keys {
  readonly address: Address
  readonly privateKey: Bytes
}

export interface Delegate extends Keys {
  readonly name: string
  readonly reveals: RevealChain
}

/** A chain for one run, the keys to everything on it, and its genesis as the oracle reads it. */
export interface SimChain {
  readonly chain: MainChain
  readonly delegates: readonly Delegate[]
  readonly users: readonly Keys[]
  /** Sends the small transfers that must never get lost. */
  readonly witness: Keys
  /** Votes with large amounts, so that terms have different producers. */
  readonly whale: Keys
  readonly genesis: OracleGenesis
  /** Collections that can follow the one of genesis. */
  readonly successors: Successors
}

const GENESIS_MS = 1_700_000_000_000
const CHAIN_ID = 77
const USERS = 5
/** As the main chain has it. */
const RULE: UpdateRule = { window: 100, lockIn: 80, confirm: 2000 }

const keysOf = (phrase: string): Keys => {
  const privateKey = sha256(utf8ToBytes(phrase))
  return { privateKey, address: privateKeyToAddress(privateKey) }
}

export function createSimChain(knobs: Knobs): SimChain {
  const { seed, producers, backups, slotMs } = knobs
  const prng = createPrng(`genesis ${seed}`)
  const reveals = 2 * (knobs.faultySlots + knobs.calmSlots) + 8
  const delegates = Array.from({ length: producers + backups }, (_, index): Delegate => {
    const keys = keysOf(`simulated ${seed} delegate ${index}`)
    return { ...keys, name: `d${index}`, reveals: createRevealChain(keys.privateKey, reveals) }
  })
  const users = Array.from({ length: USERS }, (_, index) => keysOf(`simulated ${seed} user ${index}`))
  const [witness, whale] = [keysOf(`simulated ${seed} witness`), keysOf(`simulated ${seed} whale`)]
  const firstN = producers >> 1
  const termSeconds = Math.max(Math.floor((knobs.termSlots * slotMs) / 1000), 1)
  const rewards = createPrng(`rewards ${seed}`)
  const blockReward = rewards.pick([0n, 1n, 7n, 100_000_000n])
  // Mostly a few terms, so that halvings happen.
  const halvingSeconds = BigInt(rewards.pick([termSeconds, 2 * termSeconds + 1, 126_144_000]))
  const governance = createPrng(`governance ${seed}`)
  const members = [...users.slice(0, 2), ...delegates.slice(0, 2)].map(({ address }) => address)
  const memberThreshold = governance.pick([1, 2, 2, 3])
  const changeSeconds = BigInt(termSeconds * governance.pick([1, 4]))
  const periodSeconds = BigInt(termSeconds * governance.pick([1, 3, 1000]))
  const candidates = delegates.map(({ address, reveals: { commitment }, name }) => ({
    address,
    name,
    url: '',
    commitment,
    commissionBps: rewards.pick([0, 1, 500, 1234, 10_000]),
  }))
  const votes = delegates.map(({ address }) => ({
    voter: address,
    delegate: address,
    amount: BigInt(50_000 + prng.int(20_000)) * ONE_TOKEN,
    lockDays: 90 + prng.int(900),
  }))
  const balances = [
    ...delegates.map(({ address }) => ({ account: address, amount: 400_000n * ONE_TOKEN })),
    ...users.map(({ address }, index) => ({
      account: address,
      amount: BigInt(index === 0 ? 150_000 : 5000 + prng.int(40_000)) * ONE_TOKEN,
    })),
    { account: witness.address, amount: 1_000_000n * ONE_TOKEN },
    { account: whale.address, amount: 50_000_000n * ONE_TOKEN },
  ]
  const rule = knobs.upgrade?.rule ?? RULE
  const chain = createMainChain({
    network: 'aelf simulation',
    chainId: CHAIN_ID,
    genesisTimeMs: GENESIS_MS,
    slotMs,
    termSeconds,
    candidates,
    votes,
    balances,
    producers: delegates.slice(0, producers).map(({ address, reveals: { commitment } }) => ({ address, commitment })),
    foundation: witness.address,
    members,
    memberThreshold,
    params: {
      'election.firstN': BigInt(firstN),
      'reward.blockReward': blockReward,
      'reward.halvingSeconds': halvingSeconds,
      'foundation.changeSeconds': changeSeconds,
      'proposal.periodSeconds': periodSeconds,
      ...(knobs.upgrade === undefined ? {} : paramsOf(rule)),
    },
  })
  const genesis: OracleGenesis = {
    chainId: CHAIN_ID,
    genesisHash: plainHex(chain.genesisBlock.header.hash),
    stateRoot: plainHex(chain.genesisBlock.header.stateRoot),
    collection: plainHex(chain.genesis.collectionHash),
    rule,
    successors: describeSuccessors(rule).map((one) => ({ ...one, hash: plainHex(one.hash) })),
    genesisTimeMs: GENESIS_MS,
    slotMs,
    termSeconds,
    firstN,
    exclusionBaseHours: 1,
    blockReward,
    halvingSeconds,
    creator: plainHex(witness.address),
    members: members.map(plainHex),
    memberThreshold,
    changeSeconds,
    periodSeconds,
    balances: balances.map(({ account, amount }) => [plainHex(account), amount] as const),
    producers: chain.genesis.producers.map(({ address, commitment }) => ({
      address: plainHex(address),
      commitment: plainHex(commitment),
    })),
    candidates: candidates.map(({ address, name, url, commitment, commissionBps }) => ({
      address: plainHex(address),
      name,
      url,
      commitment: plainHex(commitment),
      bps: commissionBps,
    })),
    votes: votes.map(({ voter, delegate, amount, lockDays }) => ({
      voter: plainHex(voter),
      delegate: plainHex(delegate),
      amount,
      days: lockDays,
    })),
  }
  return { chain, delegates, users, witness, whale, genesis, successors: new Successors(chain, rule) }
}
