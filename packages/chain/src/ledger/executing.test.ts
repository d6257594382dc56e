import { expect, test } from 'vitest'
import type { SignedTransaction, StateReader } from '#kernel'
import { asAddress, type Hash, ZERO_ADDRESS, ZERO_HASH } from '#primitives'
import { LedgerError } from './errors.ts'
import { beginSigners, executeSigned } from './executing.ts'
import type { Execution, ExecutionInput } from './types.ts'

const alice = asAddress(`0x${'a1'.repeat(20)}`)
const EXECUTION = { receipts: [] } as unknown as Execution

function inputOf(count: number): ExecutionInput {
  const transactions = new Array(count).fill({ from: alice } as SignedTransaction) as SignedTransaction[]
  const environment = { height: 7n, slot: 7n, producer: ZERO_ADDRESS, signal: ZERO_HASH } as never
  return { parent: {} as StateReader, transactions, environment, mode: 'validate' }
}

/** Runs one block and notes what was asked in which order. */
async function run(
  count: number,
  given: { signer?: typeof alice; execute?: () => Promise<Execution>; finish?: () => Execution } = {},
) {
  const calls: string[] = []
  const { signer = alice, execute = async () => EXECUTION, finish = () => EXECUTION } = given
  const ports = {
    executor: {
      execute() {
        calls.push('execute')
        return execute()
      },
    },
    async authenticate(transactions: readonly SignedTransaction[]) {
      calls.push('authenticate')
      return transactions.map(() => signer)
    },
    ahead: () => void calls.push('ahead'),
  }
  const input = inputOf(count)
  beginSigners(ports, input.transactions)
  const outcome = await executeSigned(ports, input, {
    ids: new Array<Hash>(count).fill(ZERO_HASH),
    finish() {
      calls.push('finish')
      return finish()
    },
  }).catch((error: unknown) => error)
  return { calls, outcome }
}

test('default: few signers are found first, many while the block is executed, and waited for when nothing is left to do', async () => {
  expect(await run(63)).toEqual({ calls: ['authenticate', 'execute', 'finish'], outcome: EXECUTION })
  // Whoever waits for signers helps to find them, which must not keep the block from being executed meanwhile.
  const slowly = async (): Promise<Execution> => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return EXECUTION
  }
  for (const given of [{}, { execute: slowly }])
    expect(await run(64, given)).toEqual({ calls: ['ahead', 'execute', 'finish', 'authenticate'], outcome: EXECUTION })
})

test('error: a wrong signature comes before what execution says, and nothing runs on afterwards', async () => {
  const code = 'block.execution'
  let ended = false
  const execute = async (): Promise<Execution> => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    ended = true
    throw new LedgerError(code, 'no')
  }
  expect((await run(64, { execute })).outcome).toMatchObject({ code })
  ended = false
  for (const count of [1, 64])
    expect((await run(count, { signer: ZERO_ADDRESS, execute })).outcome).toMatchObject({ code: 'block.signature' })
  expect(ended).toBe(true)
})

test('error: a wrong signature comes before what execution gave, too', async () => {
  const finish = (): Execution => {
    throw new LedgerError('block.stateRoot', 'no')
  }
  for (const count of [1, 64]) {
    expect((await run(count, { finish })).outcome).toMatchObject({ code: 'block.stateRoot' })
    expect((await run(count, { signer: ZERO_ADDRESS, finish })).outcome).toMatchObject({ code: 'block.signature' })
  }
})
