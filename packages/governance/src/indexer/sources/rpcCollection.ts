import { type RpcClient, RpcRequestError } from '@aelf/chain/rpc'
import type { Hash } from '#domain'
import { IndexerError } from '../errors.ts'
import type { SourceCollection } from './source.ts'

const ZERO_HASH = /^0x0{64}$/

type Row = Readonly<Record<string, unknown>>

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

function rowIn(row: Row, name: string): Row {
  const value = row[name]
  if (isRow(value)) return value
  throw new IndexerError('index.badAnswer', `The node's collection has no ${name}`, { fields: Object.keys(row) })
}

function hashIn(row: Row, name: string): Hash {
  const value = row[name]
  if (typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)) return value as Hash
  throw new IndexerError('index.badAnswer', `The node's collection has no hash ${name}`, { value })
}

function integerIn(row: Row, name: string): bigint {
  const value = row[name]
  if ((typeof value === 'string' && /^\d+$/.test(value)) || Number.isSafeInteger(value)) return BigInt(value as string)
  throw new IndexerError('index.badAnswer', `The node's collection has no number ${name}`, { value })
}

const numberIn = (row: Row, name: string): number => Number(integerIn(row, name))
const orNull = <T extends bigint | string>(value: T, none: boolean): T | null => (none ? null : value)

function candidateOf(row: Row): SourceCollection['candidate'] {
  const resetAt = integerIn(row, 'resetAt')
  return {
    hash: hashIn(row, 'hash'),
    lockedAt: integerIn(row, 'lockedAt'),
    confirmed: numberIn(row, 'confirmed'),
    resetAt: orNull(resetAt, resetAt === 0n),
  }
}

function collectionOf(answer: unknown, hash: Hash): SourceCollection {
  if (!isRow(answer)) throw new IndexerError('index.badAnswer', 'The node names no collection', { answer })
  const current = rowIn(answer, 'current')
  const former = hashIn(current, 'former')
  const signals = answer['signals']
  return {
    hash,
    current: {
      hash: hashIn(current, 'hash'),
      since: integerIn(current, 'since'),
      former: orNull(former, ZERO_HASH.test(former)),
    },
    candidate: answer['candidate'] === null ? null : candidateOf(rowIn(answer, 'candidate')),
    signals: (Array.isArray(signals) ? signals : [])
      .filter(isRow)
      .map((row) => ({ hash: hashIn(row, 'hash'), blocks: numberIn(row, 'blocks') })),
    window: numberIn(answer, 'window'),
    lockIn: numberIn(answer, 'lockIn'),
    confirm: numberIn(answer, 'confirm'),
    upgrades: numberIn(answer, 'upgrades'),
  }
}

/** Undefined where the node no longer has the state. The block is read last, as in `readRanking`. */
export async function readCollection(client: RpcClient, at: bigint | 'head'): Promise<SourceCollection | undefined> {
  try {
    const height = at === 'head' ? (await client.request('aelf_chainInfo')).height : at.toString()
    const answer = await client.request('aelf_call', ['collection', 'status', {}, { at: height }])
    const { hash } = await client.request('aelf_getBlock', [height, { transactions: 'ids' }])
    return collectionOf(answer, hash)
  } catch (error) {
    if (error instanceof RpcRequestError && error.code === 'state.unavailable') return undefined
    throw error
  }
}
