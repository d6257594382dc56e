import { checkExecution, type DposProposeInput, type DposState, decodeState, dpos, encodeState } from '#consensus/dpos'
import { collection } from '#contracts/collection'
import { consensus } from '#contracts/consensus'
import { election, openFirstTerm } from '#contracts/election'
import { foundation } from '#contracts/foundation'
import { proposal } from '#contracts/proposal'
import { reward } from '#contracts/reward'
import {
  buildGenesisState,
  type Collection,
  createContext,
  type GenesisStep,
  genesisOf,
  UNLIMITED,
} from '#contracts/runtime'
import { NATIVE_SYMBOL, token } from '#contracts/token'
import type { Genesis, ProducerEntry } from '#kernel'
import { type Address, type Amount, type Hash, taggedHash, utf8ToBytes, ZERO_ADDRESS, ZERO_HASH } from '#primitives'
import { createEra, declaredBy } from './createEra.ts'
import { defineChain } from './defineChain.ts'
import { mainCollection } from './mainCollection.ts'
import { mainCollectionHash } from './mainCollectionHash.ts'
import type { Era, MainChain } from './types.ts'

/** A delegate that is registered from the start; its deposit is taken from its balance. */
export interface GenesisCandidate {
  readonly address: Address
  readonly name: string
  readonly url: string
  readonly commitment: Hash
  readonly commissionBps: number
}

/** A vote that is in force from the start, as if `voter` had sent it. */
export interface GenesisVote {
  readonly voter: Address
  readonly delegate: Address
  readonly amount: Amount
  readonly lockDays: number
}

export interface MainChainOptions {
  readonly network: string
  readonly chainId: number
  readonly genesisTimeMs: number
  readonly slotMs: number
  readonly termSeconds: number
  /** Producers of the first term, in list order. */
  readonly producers: readonly ProducerEntry[]
  readonly candidates: readonly GenesisCandidate[]
  readonly votes: readonly GenesisVote[]
  /** ELF by account; their sum is the supply. */
  readonly balances: readonly { readonly account: Address; readonly amount: Amount }[]
  /** Named as the token's creator. */
  readonly foundation: Address
  /** Who submits proposals, 1 to 64 accounts; left out, `foundation` alone. */
  readonly members?: readonly Address[]
  /** How many members must agree on a change of the members; left out, 1. */
  readonly memberThreshold?: number
  /** Values of contract parameters, by `contract.param`, that differ from the declared ones; genesis commits to them. */
  readonly params?: Readonly<Record<string, bigint>>
  /** What the chain begins with; the collection of this program when left out. */
  readonly collection?: { readonly hash: Hash; readonly code: Collection }
}

/** Values of parameters that the options set, by `contract.param`. */
const paramsOf = (options: MainChainOptions): Readonly<Record<string, bigint>> => ({
  ...options.params,
  'consensus.slotMs': BigInt(options.slotMs),
  'consensus.termSeconds': BigInt(options.termSeconds),
})

/** Runs the election's own `vote` in the voter's name, under an id no transaction can have. */
function voteStep(vote: GenesisVote, index: number): GenesisStep {
  return {
    contract: election.identity.name,
    run(registry, block, journal) {
      const entry = registry.methodByName(election.identity.name, 'vote')
      const transactionId = taggedHash('aelf/genesis-vote/1', utf8ToBytes(String(index)))
      const scope = { registry, journal, access: UNLIMITED, block, from: vote.voter, transactionId }
      const { delegate, amount, lockDays } = vote
      entry?.method.execute(createContext(scope, election.address, vote.voter), { delegate, amount, lockDays })
    },
  }
}

/** The first term is shared by what genesis has, its votes included. */
const openingStep: GenesisStep = {
  contract: election.identity.name,
  run(registry, block, journal) {
    const scope = { registry, journal, access: UNLIMITED, block, from: election.address, transactionId: ZERO_HASH }
    openFirstTerm(createContext(scope, election.address, election.address))
  },
}

function createGenesis(options: MainChainOptions, { registry, hash: collectionHash }: Era): Genesis {
  const { network, chainId, producers, candidates, balances, foundation: foundationAccount } = options
  const genesisTimeMs = BigInt(options.genesisTimeMs)
  const issue = { symbol: NATIVE_SYMBOL, tokenName: 'aelf', creator: foundationAccount, burnable: true, balances }
  const steps = [
    genesisOf(token, { tokens: [issue] }),
    genesisOf(consensus, {}),
    genesisOf(reward, {}),
    genesisOf(collection, { hash: collectionHash }),
    genesisOf(foundation, { members: options.members ?? [foundationAccount], threshold: options.memberThreshold ?? 1 }),
    genesisOf(proposal, {}),
    genesisOf(election, { producers, candidates }),
    ...options.votes.map(voteStep),
    openingStep,
  ]
  const { state } = buildGenesisState(
    registry,
    {
      chainId,
      genesisHash: ZERO_HASH,
      height: 0n,
      slot: 0n,
      timeMs: genesisTimeMs,
      producer: ZERO_ADDRESS,
      signal: ZERO_HASH,
    },
    steps,
  )
  const params = { ...options.params, slotMs: BigInt(options.slotMs), termSeconds: BigInt(options.termSeconds) }
  return { network, chainId, genesisTimeMs, slotMs: BigInt(options.slotMs), collectionHash, state, producers, params }
}

/** The main chain: system contracts under delegated proof of stake. */
export function createMainChain(options: MainChainOptions): MainChain {
  const params = paramsOf(options)
  const openEra = (hash: Hash, code: Collection): Era => createEra(hash, code, declaredBy(code, params))
  const { hash = mainCollectionHash, code = mainCollection } = options.collection ?? {}
  const first = createEra(hash, code, params)
  return defineChain<DposState, DposProposeInput>({
    name: 'main',
    first,
    openEra,
    registry: first.registry,
    engine: dpos,
    encodeState,
    decodeState,
    checkExecution,
    genesis: createGenesis(options, first),
    params,
    termSeconds: options.termSeconds,
    feePolicyAt: first.feePolicyAt,
  })
}
