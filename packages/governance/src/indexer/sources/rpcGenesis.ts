import { taggedHash, utf8ToBytes } from '@aelf/chain/primitives'
import type { RpcClient } from '@aelf/chain/rpc'
import { type Address, type Amount, type Hash, NATIVE_SYMBOL } from '#domain'
import { IndexerError } from '../errors.ts'
import type { SourceDelegate, SourceGenesis, SourcePosition, SourceToken } from './source.ts'

const AT_GENESIS = { at: '0' }
/** A genesis with more votes than this is refused rather than read without end. */
const VOTES_MAX = 10_000

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function amountOf(value: unknown): Amount {
  if ((typeof value === 'string' && /^\d+$/.test(value)) || typeof value === 'number') return BigInt(value)
  throw new IndexerError('index.badAnswer', 'The node answered no amount', { value })
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string') return value
  throw new IndexerError('index.badAnswer', `The node left out ${name}`, { fields: Object.keys(fields) })
}

const hexOf = (fields: Fields, name: string): `0x${string}` => textOf(fields, name).toLowerCase() as `0x${string}`

/** Native token, registered delegates and open votes in the state of block 0, which nodes keep for good. */
export async function readGenesis(client: RpcClient): Promise<SourceGenesis> {
  const [token, delegates, positions] = await Promise.all([readToken(client), readDelegates(client), readVotes(client)])
  const counted = positions.reduce((sum, position) => sum + position.weight, 0n)
  const expected = delegates.reduce((sum, delegate) => sum + delegate.weight, 0n)
  if (counted !== expected) {
    throw new IndexerError('index.badAnswer', `The votes found in genesis weigh ${counted}, the delegates ${expected}`)
  }
  return { token, delegates, positions }
}

async function readToken(client: RpcClient): Promise<SourceToken> {
  const answer = await client.request('aelf_call', ['token', 'tokenInfo', { symbol: NATIVE_SYMBOL }, AT_GENESIS])
  if (!isFields(answer)) throw new IndexerError('index.badAnswer', 'Genesis has no native token', { answer })
  return {
    symbol: NATIVE_SYMBOL,
    name: textOf(answer, 'tokenName'),
    supply: amountOf(answer['supply']),
    burned: amountOf(answer['burned']),
    creator: hexOf(answer, 'creator'),
    burnable: answer['burnable'] === true,
  }
}

async function readDelegates(client: RpcClient): Promise<SourceDelegate[]> {
  const answer = await client.request('aelf_call', ['election', 'candidates', {}, AT_GENESIS])
  if (!Array.isArray(answer))
    throw new IndexerError('index.badAnswer', 'The node answered no list of delegates', { answer })
  return answer.filter(isFields).map((entry) => ({
    address: hexOf(entry, 'delegate'),
    name: textOf(entry, 'name'),
    url: textOf(entry, 'url'),
    commissionBps: Number(amountOf(entry['commissionBps'])),
    weight: amountOf(entry['weight']),
    sequence: Number(amountOf(entry['sequence'])),
  }))
}

/** Votes of genesis are numbered from 0, and their ids follow from the number. */
const voteId = (index: number): Hash => taggedHash('aelf/genesis-vote/1', utf8ToBytes(String(index)))

async function readVotes(client: RpcClient): Promise<SourcePosition[]> {
  const votes: SourcePosition[] = []
  while (votes.length < VOTES_MAX) {
    const lockId = voteId(votes.length)
    const answer = await client.request('aelf_call', ['election', 'position', { lockId }, AT_GENESIS])
    if (!isFields(answer)) return votes
    votes.push({
      lockId,
      owner: hexOf(answer, 'owner'),
      delegate: hexOf(answer, 'delegate'),
      amount: amountOf(answer['amount']),
      lockDays: Number(amountOf(answer['lockDays'])),
      weight: amountOf(answer['weight']),
      startedAtMs: Number(amountOf(answer['startedAt'])),
      unlocksAtMs: Number(amountOf(answer['endsAt'])),
    })
  }
  throw new IndexerError('index.badAnswer', `Genesis has more than ${VOTES_MAX} votes`)
}

/** Unlocked and locked amount of the native token in the state of block 0. */
export async function readGenesisHolding(
  client: RpcClient,
  account: Address,
): Promise<{ available: Amount; locked: Amount }> {
  const args = { account, symbol: NATIVE_SYMBOL }
  const [available, locked] = await Promise.all([
    client.request('aelf_call', ['token', 'balanceOf', args, AT_GENESIS]),
    client.request('aelf_call', ['token', 'lockedOf', args, AT_GENESIS]),
  ])
  return { available: amountOf(available), locked: amountOf(locked) }
}
