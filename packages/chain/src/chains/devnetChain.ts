import { createRevealChain, createRevealSource, type RevealChain, type RevealSource } from '#consensus/dpos'
import { type Address, type Bytes, bytesToHex, type Hex, privateKeyToAddress, sha256, utf8ToBytes } from '#primitives'
import { createMainChain, type GenesisVote, type MainChainOptions } from './mainChain.ts'
import type { MainChain } from './types.ts'

/** One ELF in the smallest unit. */
const ELF = 100_000_000n
const FOUNDATION_ELF = 700_000_000n
const DEMO_ELF = 1_000_000n
const DEMO_ACCOUNTS = 10
/** The last of them are members of the foundation. */
const MEMBER_ACCOUNTS = 3
const DELEGATE_ELF = 2_000_000n
const REVEALS = 40_000
const TERM_SECONDS = 604_800
const CHAIN_ID = 6_118_001

const NAMES = [
  'Altair',
  'Bellatrix',
  'Capella',
  'Deneb',
  'Electra',
  'Fomalhaut',
  'Gacrux',
  'Hadar',
  'Izar',
  'Jabbah',
  'Kochab',
  'Lesath',
  'Mirach',
  'Nunki',
  'Okab',
  'Polaris',
  'Rigel',
  'Sirius',
  'Tarazed',
  'Vega',
  'Wezen',
  'Yildun',
  'Zaurak',
  'Adhara',
  'Becrux',
] as const

export interface DevnetDelegate {
  readonly name: string
  readonly address: Address
  readonly privateKey: Bytes
  readonly reveals: RevealChain
  readonly revealSource: RevealSource
  readonly isBackup: boolean
}

export interface DevnetAccount {
  readonly address: Address
  readonly privateKey: Hex
  readonly label: string
}

export interface DevnetChainOptions {
  readonly genesisTimeMs: number
  readonly slotMs: number
  readonly delegates: number
  readonly backups: number
  /** Other seeds give other delegate keys. */
  readonly seed: string
  /** Values of a delegate's hash chain. Default 40,000: a week of one-second slots needs about 34,000. */
  readonly reveals?: number
  /** Values of contract parameters, by `contract.param`, that differ from the declared ones. */
  readonly params?: Readonly<Record<string, bigint>>
}

export interface DevnetChain {
  readonly chain: MainChain
  /** What the chain was made of, for nodes of other processes. */
  readonly options: MainChainOptions
  /** Producers of the first term, then backups. */
  readonly delegates: readonly DevnetDelegate[]
  /** Funded accounts whose keys everybody knows. */
  readonly accounts: readonly DevnetAccount[]
  /** Members of the foundation besides its own account; they are among the accounts. */
  readonly members: readonly DevnetAccount[]
}

const keyOf = (phrase: string): Bytes => sha256(utf8ToBytes(phrase))

/** Demo account `index`, the same on every devnet. */
export function demoAccount(index: number): DevnetAccount {
  const privateKey = keyOf(`aelf devnet demo account ${index}`)
  return {
    address: privateKeyToAddress(privateKey),
    privateKey: bytesToHex(privateKey),
    label: `Demo account ${index}`,
  }
}

function createDelegates(options: DevnetChainOptions): DevnetDelegate[] {
  return Array.from({ length: options.delegates + options.backups }, (_, index) => {
    const privateKey = keyOf(`aelf devnet ${options.seed} delegate ${index}`)
    const name = NAMES[index] ?? `Delegate ${index}`
    const secret = keyOf(`aelf devnet ${options.seed} in-values ${index}`)
    const length = options.reveals ?? REVEALS
    const revealSource = createRevealSource(secret, length)
    const reveals = createRevealChain(secret, length)
    const address = privateKeyToAddress(privateKey)
    return { name, address, privateKey, reveals, revealSource, isBackup: index >= options.delegates }
  })
}

/** Each delegate votes for itself, heavier ones with longer locks, so that the ranking has visible differences. */
function seedVotes(delegates: readonly DevnetDelegate[]): GenesisVote[] {
  const count = delegates.length
  return delegates.map(({ address }, index) => ({
    voter: address,
    delegate: address,
    amount: (60_000n + BigInt(count - index) * 41_300n + BigInt((index * 7919) % 9_700)) * ELF,
    lockDays: 90 + (((count - index) * 45) % 990),
  }))
}

/** The chain of a development network. Keys follow from public phrases and protect nothing. */
export function createDevnetChain(options: DevnetChainOptions): DevnetChain {
  const delegates = createDelegates(options)
  const accounts = Array.from({ length: DEMO_ACCOUNTS }, (_, index) => demoAccount(index))
  const foundation = privateKeyToAddress(keyOf('aelf devnet foundation'))
  const members = accounts.slice(-MEMBER_ACCOUNTS)
  const made: MainChainOptions = {
    network: 'aelf devnet',
    chainId: CHAIN_ID,
    genesisTimeMs: options.genesisTimeMs,
    slotMs: options.slotMs,
    termSeconds: TERM_SECONDS,
    producers: delegates
      .filter(({ isBackup }) => !isBackup)
      .map(({ address, reveals }) => ({ address, commitment: reveals.commitment })),
    candidates: delegates.map(({ address, name, reveals }, index) => ({
      address,
      name,
      url: `https://${name.toLowerCase().replaceAll(' ', '-')}.example`,
      commitment: reveals.commitment,
      commissionBps: 200 + ((index * 370) % 1800),
    })),
    votes: seedVotes(delegates),
    balances: [
      { account: foundation, amount: FOUNDATION_ELF * ELF },
      ...accounts.map(({ address }) => ({ account: address, amount: DEMO_ELF * ELF })),
      ...delegates.map(({ address }) => ({ account: address, amount: DELEGATE_ELF * ELF })),
    ],
    foundation,
    members: [foundation, ...members.map(({ address }) => address)],
    memberThreshold: 2,
    ...(options.params === undefined ? {} : { params: options.params }),
  }
  return { chain: createMainChain(made), options: made, delegates, accounts, members }
}
