import { MAX_PRODUCERS } from '#consensus/dpos'
import { AelfError } from '#primitives'
import { createField, type Field } from './genesisField.ts'
import { createMainChain, type GenesisCandidate, type GenesisVote, type MainChainOptions } from './mainChain.ts'
import type { MainChain } from './types.ts'

const FORMAT = 'aelf-genesis'
const VERSION = 1

/** What a genesis file may hold at most. A file comes from another person, perhaps from a web address. */
export const GENESIS_LIMITS: {
  readonly bytes: number
  readonly producers: number
  readonly candidates: number
  readonly votes: number
  readonly balances: number
  readonly members: number
  readonly params: number
} = {
  bytes: 16 * 1024 * 1024,
  producers: MAX_PRODUCERS,
  candidates: 1_024,
  votes: 10_000,
  balances: 100_000,
  members: 64,
  params: 256,
}

const SLOT_MS = { from: 100, to: 60_000 }
const TERM_SECONDS = { from: 10, to: 366 * 86_400 }
const LOCK_DAYS = { from: 90, to: 1_080 }
const COMMISSION_BPS = { from: 0, to: 10_000 }
const U32 = 2 ** 32 - 1
/** Sums of so many amounts stay far below 2^256. */
const AMOUNT_BITS = 128
const PARAM_BITS = 256

/** Set by fields of their own. */
const FIELDS_OF_PARAMS: Readonly<Record<string, string>> = {
  'consensus.slotMs': 'slotMs',
  'consensus.termSeconds': 'termSeconds',
}

/** The options of a chain as a file that other machines start from. Amounts are decimal strings in the smallest unit. */
export function writeGenesisFile(options: MainChainOptions): string {
  const file = {
    format: FORMAT,
    version: VERSION,
    network: options.network,
    chainId: options.chainId,
    genesisTimeMs: options.genesisTimeMs,
    slotMs: options.slotMs,
    termSeconds: options.termSeconds,
    foundation: options.foundation,
    members: options.members,
    memberThreshold: options.memberThreshold,
    producers: options.producers.map(({ address, commitment }) => ({ address, commitment })),
    candidates: options.candidates,
    votes: options.votes,
    balances: options.balances,
    params: options.params ?? {},
  }
  return `${JSON.stringify(file, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)}\n`
}

/**
 * Reads a genesis file. Throws `genesis.fileSize`, `genesis.json`, `genesis.version`, and `genesis.field` with the field's name
 * in `details.field`. What it returns still has to make a chain: `createGenesisChain` does.
 */
export function loadGenesisFile(text: string): MainChainOptions {
  const file = createField(parse(text), '')
  checkVersion(file)
  const options: MainChainOptions = {
    network: file.at('network').text({ from: 1, to: 64, form: /^[ -~]+$/, expected: 'printable ASCII characters' }),
    chainId: file.at('chainId').integer({ from: 1, to: U32 }),
    genesisTimeMs: file.at('genesisTimeMs').integer({ from: 0, to: Number.MAX_SAFE_INTEGER }),
    slotMs: file.at('slotMs').integer(SLOT_MS),
    termSeconds: file.at('termSeconds').integer(TERM_SECONDS),
    foundation: file.at('foundation').address(),
    ...readMembers(file),
    producers: file.at('producers').list({ from: 1, to: GENESIS_LIMITS.producers }).map(readProducer),
    candidates: file.at('candidates').list({ from: 0, to: GENESIS_LIMITS.candidates }).map(readCandidate),
    votes: file.at('votes').list({ from: 0, to: GENESIS_LIMITS.votes }).map(readVote),
    balances: file.at('balances').list({ from: 0, to: GENESIS_LIMITS.balances }).map(readBalance),
    params: readParams(file.at('params')),
  }
  file.close()
  checkTogether(file, options)
  return options
}

/** The chain of a genesis file. Throws what `loadGenesisFile` throws, and `genesis.build` when the contracts refuse the content. */
export function createGenesisChain(text: string): MainChain {
  const options = loadGenesisFile(text)
  try {
    return createMainChain(options)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason'
    throw new AelfError('genesis.build', `the contracts refuse this genesis: ${reason}`, { cause })
  }
}

function parse(text: string): unknown {
  // Characters, not bytes: a string of so many never has fewer bytes.
  if (text.length > GENESIS_LIMITS.bytes) {
    throw new AelfError('genesis.fileSize', `a genesis file has at most ${GENESIS_LIMITS.bytes} bytes`)
  }
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new AelfError('genesis.json', 'the genesis file is not JSON', { cause })
  }
}

function checkVersion(file: Field): void {
  file.at('format').text({ from: 1, to: 32, form: new RegExp(`^${FORMAT}$`), expected: `"${FORMAT}"` })
  const version = file.at('version').integer({ from: 1, to: U32 })
  if (version === VERSION) return
  throw new AelfError('genesis.version', `this program reads version ${VERSION} of genesis files, not ${version}`, {
    details: { field: 'version' },
  })
}

/** Files made before there were members name the foundation's account only; it is the one member then. */
function readMembers(file: Field): Pick<MainChainOptions, 'members' | 'memberThreshold'> {
  const known = file.names(GENESIS_LIMITS.params)
  if (!known.includes('members') && !known.includes('memberThreshold')) return {}
  const members = file.at('members').list({ from: 1, to: GENESIS_LIMITS.members })
  return {
    members: members.map((member) => member.address()),
    memberThreshold: file.at('memberThreshold').integer({ from: 1, to: members.length }),
  }
}

function readProducer(field: Field): MainChainOptions['producers'][number] {
  const producer = { address: field.at('address').address(), commitment: field.at('commitment').hash() }
  field.close()
  return producer
}

function readCandidate(field: Field): GenesisCandidate {
  const candidate = {
    address: field.at('address').address(),
    name: field.at('name').text({ from: 1, to: 64, form: /\S/, expected: 'a name' }),
    url: field
      .at('url')
      .text({ from: 0, to: 256, form: /^(?:https:\/\/[!-~]+)?$/, expected: 'an https address, or ""' }),
    commitment: field.at('commitment').hash(),
    commissionBps: field.at('commissionBps').integer(COMMISSION_BPS),
  }
  field.close()
  return candidate
}

function readVote(field: Field): GenesisVote {
  const vote = {
    voter: field.at('voter').address(),
    delegate: field.at('delegate').address(),
    amount: field.at('amount').amount({ bits: AMOUNT_BITS }),
    lockDays: field.at('lockDays').integer(LOCK_DAYS),
  }
  field.close()
  return vote
}

function readBalance(field: Field): MainChainOptions['balances'][number] {
  const balance = { account: field.at('account').address(), amount: field.at('amount').amount({ bits: AMOUNT_BITS }) }
  field.close()
  return balance
}

function readParams(field: Field): Record<string, bigint> {
  return Object.fromEntries(
    field.names(GENESIS_LIMITS.params).map((name) => {
      const instead = FIELDS_OF_PARAMS[name]
      if (instead !== undefined) throw field.at(name).wrong(`nothing here: ${instead} sets it`)
      return [name, field.at(name).amount({ bits: PARAM_BITS })]
    }),
  )
}

/** What one entry alone does not show: names that must occur once, and delegates that must exist. */
function checkTogether(file: Field, { producers, candidates, votes, members = [] }: MainChainOptions): void {
  const once = (list: string, name: string, values: readonly string[]): void => {
    const seen = new Set<string>()
    for (const [index, value] of values.entries()) {
      if (seen.has(value)) throw file.at(list).at(index).at(name).wrong('each address once')
      seen.add(value)
    }
  }
  once(
    'producers',
    'address',
    producers.map(({ address }) => address),
  )
  once(
    'candidates',
    'address',
    candidates.map(({ address }) => address),
  )
  for (const [index, member] of members.entries()) {
    if (members.indexOf(member) !== index) throw file.at('members').at(index).wrong('each address once')
  }
  const known = new Map(candidates.map(({ address, commitment }) => [address, commitment]))
  for (const [index, { address, commitment }] of producers.entries()) {
    const registered = known.get(address)
    if (registered === undefined || registered === commitment) continue
    throw file.at('producers').at(index).at('commitment').wrong('the commitment of the candidate of this address')
  }
  for (const [index, { delegate }] of votes.entries()) {
    if (!known.has(delegate)) throw file.at('votes').at(index).at('delegate').wrong('the address of a candidate')
  }
}
