import { expect, test } from 'vitest'
import { encodeArgs, type MethodDescriptor, parseSignature, type SignedTransaction, systemAddress } from '#kernel'
import { asAddress, asHash, type Exec, type Hash, ZERO_HASH } from '#primitives'
import { createAuthenticator } from './authenticator.ts'

const alice = asAddress(`0x${'a1'.repeat(20)}`)
const signature = 'function burn(string symbol, uint256 amount)'
const abi = parseSignature(signature)
const method: MethodDescriptor = {
  contract: 'token',
  contractAddress: systemAddress(1),
  name: 'burn',
  number: 1,
  doc: '',
  nonParallel: false,
  abi,
  signature,
  intent: 'Destroy {amount:elf} {symbol}',
}
const make = (number: number): SignedTransaction => ({
  version: 1,
  walletChainId: 1n,
  from: alice,
  contract: method.contractAddress,
  method: number,
  args: encodeArgs(abi, { symbol: 'ELF', amount: 5n }),
  refHeight: 0n,
  refHash: '0x0000000000000000',
  feeLimit: 1000n,
  nonce: '0x0000000000000000',
  authorization: { kind: 0, signature: `0x${'11'.repeat(65)}` },
})
const idOf = (n: number): Hash => asHash(`0x${n.toString(16).padStart(64, '0')}`)

test('behavior: a remembered signer stays known for a block whose other transactions push it out of memory', async () => {
  const exec: Exec = { recoverBatch: async (jobs) => jobs.map(() => alice) }
  const authenticator = createAuthenticator({
    exec,
    network: { name: 'test', genesisHash: ZERO_HASH },
    method: (transaction) => (transaction.method === method.number ? method : undefined),
  })
  const known = make(1)
  await authenticator.authenticate([known], [idOf(1)])
  const strangers = Array.from({ length: 65_535 }, (_, index) => idOf(index + 10))
  const stranger = make(2)
  await authenticator.authenticate(new Array<SignedTransaction>(strangers.length).fill(stranger), strangers)
  expect(await authenticator.authenticate([known, make(1)], [idOf(1), idOf(2)])).toEqual([alice, alice])
})

test('behavior: what was asked ahead is recovered once, whoever else asks for it meanwhile', async () => {
  const asked: number[] = []
  let answer: (() => void) | undefined
  const exec: Exec = {
    recoverBatch: async (jobs) => {
      asked.push(jobs.length)
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return jobs.map(() => alice)
    },
  }
  const authenticator = createAuthenticator({
    exec,
    network: { name: 'test', genesisHash: ZERO_HASH },
    method: () => method,
  })
  const transaction = make(1)
  authenticator.ahead([transaction, transaction])
  const both = Promise.all([authenticator.authenticate([transaction]), authenticator.authenticate([transaction])])
  answer?.()
  expect(await both).toEqual([[alice], [alice]])
  expect(asked).toEqual([1])
})

test('behavior: a forged signature puts out no good one, and a search that fails is forgotten', async () => {
  let asked = 0
  let fail = true
  const exec: Exec = {
    recoverBatch: async (jobs) => {
      asked += 1
      if (fail) throw new Error('no threads')
      return jobs.map(({ signature: bytes }) => (bytes[0] === 0x11 ? alice : undefined))
    },
  }
  const authenticator = createAuthenticator({
    exec,
    network: { name: 'test', genesisHash: ZERO_HASH },
    method: () => method,
  })
  const good = make(1)
  const forged: SignedTransaction = { ...good, authorization: { kind: 0, signature: `0x${'22'.repeat(65)}` } }
  authenticator.ahead([good])
  await expect(authenticator.authenticate([good])).rejects.toThrow('no threads')
  fail = false
  expect(await authenticator.authenticate([forged])).toEqual([undefined])
  expect(await authenticator.authenticate([good])).toEqual([alice])
  const before = asked
  expect(await authenticator.authenticate([forged])).toEqual([undefined])
  expect(await authenticator.authenticate([good])).toEqual([alice])
  expect(asked).toBe(before + 1)
})

test('behavior: a list that is asked for again is not looked at again, unless its search failed or a method was not known', async () => {
  let asked = 0
  let fail = true
  let looked = 0
  let known = false
  const exec: Exec = {
    recoverBatch: async (jobs) => {
      asked += 1
      if (fail) throw new Error('no threads')
      return jobs.map(() => alice)
    },
  }
  const authenticator = createAuthenticator({
    exec,
    network: { name: 'test', genesisHash: ZERO_HASH },
    method: (transaction) => {
      looked += 1
      return known || transaction.method === method.number ? method : undefined
    },
  })
  const listOf = (number: number): SignedTransaction[] =>
    Array.from({ length: 64 }, (_, index) => ({
      ...make(index === 9 ? number : 1),
      nonce: `0x${(index + 1000 * number).toString(16).padStart(16, '0')}` as const,
    }))
  const list = listOf(1)
  await expect(authenticator.authenticate(list)).rejects.toThrow('no threads')
  fail = false
  await authenticator.ahead(list)
  const [before, seen] = [asked, looked]
  expect(await authenticator.authenticate(list)).toEqual(list.map(() => alice))
  expect([asked, looked]).toEqual([before, seen])
  // The next collection may have what is not known now.
  const later = listOf(2)
  expect((await authenticator.authenticate(later))[9]).toBeUndefined()
  known = true
  expect((await authenticator.authenticate(later))[9]).toBe(
    method.contractAddress === later[9]?.contract ? undefined : alice,
  )
})
