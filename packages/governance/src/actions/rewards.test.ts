import { createRpcClient } from '@aelf/chain/rpc'
import { describe, expect, test } from 'vitest'
import type { Hash } from '#domain'
import { claimCommissionCall, claimRewardCall, getClaimable, getDelegateIncome } from './index.ts'

const OWNER = `0x${'22'.repeat(20)}` as const
const DELEGATE = `0x${'33'.repeat(20)}` as const
const ids = [1, 2].map((n): Hash => `0x${String(n).padStart(64, '0')}`)

type Views = Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => unknown>>

function clientOf(views: Views) {
  const fetchTable = async (_: unknown, init?: { body?: unknown }): Promise<Response> => {
    const { id, params } = JSON.parse(String(init?.body)) as { id: number; params: [string, string, never] }
    return Response.json({ jsonrpc: '2.0', id, result: views[`${params[0]}.${params[1]}`]?.(params[2]) ?? null })
  }
  return createRpcClient({ url: 'http://chain.test', fetch: fetchTable as typeof fetch, retries: 0 })
}

const position = (lockId: Hash) => ({ lockId, delegate: DELEGATE, amount: '5', lockDays: 90, weight: '5', endsAt: '9' })

describe('rewards', () => {
  test('what can be claimed is asked for all open votes at once', async () => {
    let asked: unknown
    const client = clientOf({
      'election.positionsOf': () => ids.map(position),
      'reward.claimables': (args) => {
        asked = args['lockIds']
        return ids.map((lockId, index) => ({ lockId, delegate: DELEGATE, amount: String(index * 7) }))
      },
      'reward.claimableCommission': () => '35',
    })
    expect(await getClaimable(client, { owner: OWNER })).toEqual({
      votes: [{ lockId: ids[1], delegate: DELEGATE, amount: 7n }],
      commission: 35n,
      total: 42n,
    })
    expect(asked).toBe(`0x${ids.map((id) => id.slice(2)).join('')}`)
  })

  test('an answer that is no list of rewards is an error of its own', async () => {
    const client = clientOf({ 'election.positionsOf': () => [], 'reward.claimables': () => 5 })
    await expect(getClaimable(client, { owner: OWNER })).rejects.toMatchObject({ code: 'rpc.unexpectedAnswer' })
    await expect(getDelegateIncome(client, { delegate: DELEGATE })).rejects.toMatchObject({
      code: 'rpc.unexpectedAnswer',
    })
  })

  test('incomes come as exact numbers', async () => {
    const row = {
      number: 2,
      term: 4,
      blocks: 9,
      income: '1000',
      commission: '10',
      weight: '99',
      perWeight: '12345678901234567890',
    }
    const client = clientOf({ 'reward.delegateIncomes': () => [row] })
    expect(await getDelegateIncome(client, { delegate: DELEGATE })).toEqual([
      { number: 2, term: 4, blocks: 9, income: 1000n, commission: 10n, weight: 99n, perWeight: 12345678901234567890n },
    ])
  })

  test('calls name the contract’s own methods', () => {
    const [, lockId = ids[0]] = ids
    if (lockId === undefined) throw new Error('two ids')
    expect(claimRewardCall({ lockId })).toEqual({ contract: 'reward', method: 'claim', args: { lockId } })
    expect(claimCommissionCall({})).toEqual({ contract: 'reward', method: 'claimCommission', args: {} })
  })
})
