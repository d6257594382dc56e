import { createMainChain, GENESIS_LIMITS, loadGenesisFile, type MainChainOptions, writeGenesisFile } from '#chains'
import { type Address, AelfError, type Hash } from '#primitives'
import { CliError } from './exit.ts'

export const ELF = 100_000_000n

/** A delegate as it says who it is; the commitment belongs to its keystore. */
export interface FoundingDelegate {
  readonly address: Address
  readonly commitment: Hash
  readonly name: string
}

/** What a person chooses about a new network. */
export interface NetworkPlan {
  readonly network: string
  readonly chainId: number
  readonly genesisTimeMs: number
  readonly slotMs: number
  readonly termSeconds: number
  readonly producers: readonly FoundingDelegate[]
  /** Registered, but not producing in the first term. */
  readonly backups: readonly FoundingDelegate[]
  /** What each of them holds, deposit included. */
  readonly delegateAmount: bigint
  /** What each of them votes with for itself; 0 for no votes. */
  readonly selfVote: bigint
  readonly foundation: Address
  readonly foundationAmount: bigint
  readonly balances: MainChainOptions['balances']
  readonly params: Readonly<Record<string, bigint>>
}

/** A genesis ready to be written, and the name of its network. */
export interface NewGenesis {
  readonly text: string
  readonly hash: Hash
  readonly options: MainChainOptions
}

const SELF_VOTE_DAYS = 360

/** Makes the genesis of a plan. Throws `cli.usage` that says what of the plan is not possible. */
export function planGenesis(plan: NetworkPlan): NewGenesis {
  const delegates = [...plan.producers, ...plan.backups]
  const holders: [Address, bigint][] = [
    [plan.foundation, plan.foundationAmount],
    ...delegates.map(({ address }): [Address, bigint] => [address, plan.delegateAmount]),
    ...plan.balances.map(({ account, amount }): [Address, bigint] => [account, amount]),
  ]
  const sums = new Map<Address, bigint>()
  for (const [account, amount] of holders) sums.set(account, (sums.get(account) ?? 0n) + amount)
  const options: MainChainOptions = {
    network: plan.network,
    chainId: plan.chainId,
    genesisTimeMs: plan.genesisTimeMs,
    slotMs: plan.slotMs,
    termSeconds: plan.termSeconds,
    foundation: plan.foundation,
    producers: plan.producers.map(({ address, commitment }) => ({ address, commitment })),
    candidates: delegates.map(({ address, commitment, name }) => ({
      address,
      commitment,
      name,
      url: '',
      commissionBps: 0,
    })),
    votes: plan.selfVote === 0n ? [] : delegates.map(({ address }) => selfVote(address, plan.selfVote)),
    balances: [...sums].filter(([, amount]) => amount > 0n).map(([account, amount]) => ({ account, amount })),
    params: plan.params,
  }
  const text = writeGenesisFile(options)
  return { text, hash: hashOf(text), options }
}

const selfVote = (address: Address, amount: bigint): MainChainOptions['votes'][number] => ({
  voter: address,
  delegate: address,
  amount,
  lockDays: SELF_VOTE_DAYS,
})

/** Hash of the first block that a genesis file leads to. Throws `cli.usage`. */
export function hashOf(text: string): Hash {
  try {
    return createMainChain(loadGenesisFile(text)).network.genesisHash
  } catch (error) {
    if (error instanceof AelfError && error.code.startsWith('genesis.')) throw error
    const reason = error instanceof Error ? error.message : 'unknown reason'
    throw new CliError(
      'cli.usage',
      `no chain can start from this genesis: ${reason}`,
      'Every delegate needs its deposit of 100,000 ELF, and what it votes with, among the balances.',
    )
  }
}

/** Reads `contract.param=number`. Throws `cli.usage`. */
export function readParam(text: string): readonly [string, bigint] {
  const match = /^([a-z]+\.[A-Za-z]+)=([0-9]{1,77})$/.exec(text)
  if (match !== null) return [match[1] ?? '', BigInt(match[2] ?? '')]
  throw new CliError(
    'cli.usage',
    `--param: "${text.slice(0, 60)}" is not a parameter`,
    `Write contract.param=number, at most ${GENESIS_LIMITS.params} of them; aelf_getMetadata lists them.`,
  )
}
