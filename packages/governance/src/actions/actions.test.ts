import { decodeTransaction, recoverSigner, renderIntent } from '@aelf/chain/kernel'
import { decodeCall, findContract, findMethod } from '@aelf/chain/metadata'
import { hexToBytes } from '@aelf/chain/primitives'
import { createRpcClient, type RpcClient } from '@aelf/chain/rpc'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import type { Hex } from '#domain'
import {
  accountToSigner,
  type BaseError,
  sendCall,
  type TransactionSigner,
  vote,
  voteSync,
  waitForTransaction,
} from './index.ts'

const KEY: Hex = `0x${'11'.repeat(32)}`
const DELEGATE: Hex = `0x${'22'.repeat(20)}`
const HASH: Hex = `0x${'ab'.repeat(32)}`
const GENESIS: Hex = `0x${'cd'.repeat(32)}`
const ID: Hex = `0x${'ef'.repeat(32)}`
const account = privateKeyToAccount(KEY)
const signer = accountToSigner(account, 8453n)
const call = { delegate: DELEGATE, amount: 1_200_00000000n, lockDays: 365 }

type Answer = (params: readonly unknown[]) => unknown

/** A client of the real kind over a wire that answers from a table. */
function clientOf(answers: Readonly<Record<string, Answer>>): { client: RpcClient; sent: string[] } {
  const sent: string[] = []
  const fetchTable = async (_: unknown, init?: { body?: unknown }): Promise<Response> => {
    const message = JSON.parse(String(init?.body)) as { id: number; method: string; params: readonly unknown[] }
    if (message.method === 'aelf_sendTransaction') sent.push(String(message.params[0]))
    const result = answers[message.method]?.(message.params)
    const body = result instanceof Error ? { error: result.cause } : { result }
    return Response.json({ jsonrpc: '2.0', id: message.id, ...body })
  }
  return { client: createRpcClient({ url: 'http://chain.test', fetch: fetchTable as typeof fetch, retries: 0 }), sent }
}

const healthy: Readonly<Record<string, Answer>> = {
  aelf_chainInfo: () => ({ network: 'test net', genesisHash: GENESIS, height: '500' }),
  aelf_simulate: () => ({ ok: true, fee: '320000', intent: 'a sentence' }),
  aelf_getHeader: (params) => ({ hash: HASH, height: params[0], raw: '0x', decoded: {} }),
  aelf_sendTransaction: () => ({ id: ID }),
}

const refusal = (error: unknown): Error => new Error('refused', { cause: error })

async function failureOf(promise: Promise<unknown>): Promise<BaseError> {
  try {
    await promise
  } catch (error) {
    return error as BaseError
  }
  throw new Error('nothing was thrown')
}

describe('vote', () => {
  test('sends an envelope that the chain would accept: mark, limit, arguments and signer', async () => {
    const { client, sent } = clientOf(healthy)
    const stages: string[] = []
    expect(await vote(client, { ...call, signer, onStage: ({ stage }) => stages.push(stage) })).toBe(ID)
    const transaction = decodeTransaction(hexToBytes(sent[0] as Hex))
    const method = findMethod('election', 'vote')
    if (!method) throw new Error('election.vote is not described')
    expect(stages).toEqual(['prepared', 'signed', 'accepted'])
    expect(transaction).toMatchObject({
      refHeight: 498n,
      refHash: HASH.slice(0, 18),
      feeLimit: 480_000n,
      walletChainId: 8453n,
    })
    expect(decodeCall(transaction)).toMatchObject({ args: call })
    expect(recoverSigner(transaction, method, { name: 'test net', genesisHash: GENESIS as never })).toBe(
      account.address.toLowerCase(),
    )
    expect(renderIntent(method, call)).toBe(`Lock 1,200 ELF for 365 days and vote for ${DELEGATE}`)
  })

  test('follows the collection that runs: its numbers, arguments and words', async () => {
    const election = findContract('election')
    const method = findMethod('election', 'vote')
    if (election === undefined || method === undefined) throw new Error('election.vote is not described')
    const changed = { ...method, number: 77, intent: 'Stand by {delegate} with {amount:elf} ELF for {lockDays} days' }
    const withMethods = (methods: readonly unknown[]): Record<string, Answer> => ({
      ...healthy,
      aelf_getMetadata: () => ({ contracts: [{ ...election, methods }] }),
    })
    const { client, sent } = clientOf(withMethods([changed]))
    let words = ''
    const onStage: NonNullable<Parameters<typeof vote>[1]['onStage']> = (stage) => {
      if (stage.stage === 'prepared') words = stage.prepared.intent
    }
    await vote(client, { ...call, signer, onStage })
    expect(words).toBe(`Stand by ${DELEGATE} with 1,200 ELF for 365 days`)
    const transaction = decodeTransaction(hexToBytes(sent[0] as Hex))
    expect(transaction.method).toBe(77)
    const network = { name: 'test net', genesisHash: GENESIS as never }
    expect(recoverSigner(transaction, changed, network)).toBe(account.address.toLowerCase())
    // Words that are not the chain's make a signature of nobody.
    expect(recoverSigner(transaction, { ...changed, intent: method.intent }, network)).not.toBe(
      account.address.toLowerCase(),
    )
    const gone = clientOf(withMethods([]))
    expect((await failureOf(vote(gone.client, { ...call, signer }))).code).toBe('contract.unknownMethod')
    expect(gone.sent).toEqual([])
  })

  test('turns v of 0 and 1 into the one encoding of the chain', async () => {
    const { client, sent } = clientOf(healthy)
    const oldStyle: TransactionSigner = {
      ...signer,
      signTypedData: async (data) => {
        const signature = await signer.signTypedData(data)
        return `${signature.slice(0, 130)}0${Number.parseInt(signature.slice(130), 16) - 27}` as Hex
      },
    }
    await vote(client, { ...call, signer: oldStyle })
    expect(['1b', '1c']).toContain(sent[0]?.slice(-2))
  })

  test('stops before the wallet opens when the chain would refuse', async () => {
    const { client, sent } = clientOf({
      ...healthy,
      aelf_simulate: () => ({
        ok: false,
        fee: '1',
        intent: '',
        error: { code: 'election.lockDaysRange', help: 'Lock for 90 to 1,080 days.' },
      }),
    })
    const error = await failureOf(vote(client, { ...call, signer, onStage: () => expect.unreachable() }))
    expect(error).toMatchObject({ code: 'election.lockDaysRange', help: 'Lock for 90 to 1,080 days.' })
    expect(sent).toEqual([])
  })

  test('a refusal in the wallet is the person’s own and sends nothing', async () => {
    const { client, sent } = clientOf(healthy)
    const declined = { ...signer, signTypedData: () => Promise.reject(Object.assign(new Error('no'), { code: 4001 })) }
    expect((await failureOf(vote(client, { ...call, signer: declined }))).code).toBe('wallet.rejected')
    const broken = { ...signer, signTypedData: () => Promise.reject(new Error('locked')) }
    expect((await failureOf(vote(client, { ...call, signer: broken }))).code).toBe('wallet.failed')
    const contractWallet = { ...signer, signTypedData: () => Promise.resolve('0x1234' as Hex) }
    expect((await failureOf(vote(client, { ...call, signer: contractWallet }))).code).toBe('wallet.failed')
    expect(sent).toEqual([])
  })

  test('keeps the code and help of the node’s refusal', async () => {
    const { client } = clientOf({
      ...healthy,
      aelf_sendTransaction: () =>
        refusal({
          code: 1104,
          message: 'The block the transaction refers to is too old',
          data: { code: 'tx.markExpired', help: 'Rebuild it.', retryable: false },
        }),
    })
    expect(await failureOf(vote(client, { ...call, signer }))).toMatchObject({
      code: 'tx.markExpired',
      help: 'Rebuild it.',
    })
  })

  test('says so when the node is out of reach', async () => {
    const client = createRpcClient({ url: 'http://127.0.0.1:1', retries: 0 })
    expect((await failureOf(vote(client, { ...call, signer }))).retryable).toBe(true)
  })
})

describe('sendCall', () => {
  test('refuses a method that does not exist', async () => {
    const { client } = clientOf(healthy)
    const error = await failureOf(
      sendCall(client, { signer, call: { contract: 'election', method: 'steal', args: {} } }),
    )
    expect(error.code).toBe('contract.unknownMethod')
  })
})

describe('waitForTransaction', () => {
  const included = (extra: object) => () => ({
    id: ID,
    status: 'included',
    block: { height: '501', hash: HASH, index: 0 },
    receipt: { status: 'success', fee: '1', events: [] },
    confirmations: 1,
    finalized: false,
    ...extra,
  })

  test('waits until deep enough', async () => {
    let confirmations = 0
    const { client } = clientOf({
      ...healthy,
      aelf_getTransaction: () => included({ confirmations: ++confirmations })(),
    })
    const settled = await voteSync(client, { ...call, signer, until: 5, pollingIntervalMs: 1 })
    expect(settled).toMatchObject({ height: 501n, confirmations: 5 })
  })

  test('throws the receipt’s refusal, an expiry and a timeout, each by its code', async () => {
    const failed = clientOf({
      aelf_getTransaction: included({
        receipt: { status: 'failed', error: { code: 'election.stillLocked', help: 'Wait.' }, fee: '1', events: [] },
      }),
    })
    expect((await failureOf(waitForTransaction(failed.client, { id: ID }))).code).toBe('election.stillLocked')
    const expired = clientOf({
      aelf_getTransaction: () => ({ id: ID, status: 'expired', confirmations: 0, finalized: false }),
    })
    expect((await failureOf(waitForTransaction(expired.client, { id: ID }))).code).toBe('tx.markExpired')
    const pending = clientOf({
      aelf_getTransaction: () => ({ id: ID, status: 'pending', confirmations: 0, finalized: false }),
    })
    expect(
      (await failureOf(waitForTransaction(pending.client, { id: ID, timeoutMs: 20, pollingIntervalMs: 5 }))).code,
    ).toBe('wait.timeout')
  })
})
