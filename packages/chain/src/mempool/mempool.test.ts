import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  encodeArgs,
  encodeTransaction,
  type MethodDescriptor,
  parseSignature,
  type SignedTransaction,
  systemAddress,
  transactionId,
} from '#kernel'
import { type Address, asAddress, type Hash, type Hex, type LogRecord, type RecordLog } from '#primitives'
import { createMempool, type Mempool, type MempoolChain, type MempoolDeps, type MempoolOptions } from './index.ts'

const alice = asAddress(`0x${'a1'.repeat(20)}`)
const bob = asAddress(`0x${'b0'.repeat(20)}`)
const abi = parseSignature('function transfer(address to, string symbol, uint256 amount)')
const method: MethodDescriptor = {
  contract: 'token',
  contractAddress: systemAddress(1),
  name: 'transfer',
  number: 1,
  doc: '',
  nonParallel: false,
  abi,
  signature: 'function transfer(address to, string symbol, uint256 amount)',
  intent: 'Send {amount:elf} {symbol} to {to}',
}
const low = `0x${'11'.repeat(32)}${'01'.repeat(32)}1b` as Hex
const forgery = `0x${'22'.repeat(32)}${'01'.repeat(32)}1b` as Hex
const markOf = (height: bigint): Hex => `0x${height.toString(16).padStart(16, '0')}`

let counter = 0
function make(fields: Partial<SignedTransaction> = {}): SignedTransaction {
  counter += 1
  return {
    version: 1,
    walletChainId: 1n,
    from: alice,
    contract: method.contractAddress,
    method: 1,
    args: encodeArgs(abi, { to: bob, symbol: 'ELF', amount: 5n }),
    refHeight: 90n,
    refHash: markOf(90n),
    feeLimit: 1000n,
    nonce: `0x${counter.toString(16).padStart(16, '0')}`,
    authorization: { kind: 0, signature: low },
    ...fields,
  }
}

/** A journal that loses nothing, or refuses. */
function memoryJournal(): RecordLog & { fail: boolean; size(): number } {
  let records: LogRecord[] = []
  return {
    fail: false,
    size: () => records.length,
    read: async () => records,
    async append(more) {
      if (this.fail) throw new Error('disk full')
      records.push(...more)
    },
    async forget(height) {
      records = records.filter(({ until }) => until >= height)
    },
    close: async () => undefined,
  }
}

interface Setup {
  pool: Mempool
  journal: ReturnType<typeof memoryJournal>
  world: {
    height: bigint
    fee: bigint
    balance: bigint
    refuse: boolean
    mark: (height: bigint) => Hex
    signer: (transaction: SignedTransaction) => Address | undefined
    included: Set<Hash>
    /** How often signers were asked for. */
    asked: number
  }
}

function setup(options: MempoolOptions = {}, journal = memoryJournal()): Setup {
  const world: Setup['world'] = {
    height: 100n,
    fee: 10n,
    balance: 1_000_000n,
    refuse: false,
    mark: markOf,
    signer: () => alice,
    included: new Set(),
    asked: 0,
  }
  const chain: MempoolChain = {
    height: () => world.height,
    markAt: (height) => (height <= world.height && height + 64n > world.height ? world.mark(height) : undefined),
    includes: (id) => world.included.has(id),
    method: (contract, number) => (contract === method.contractAddress && number === 1 ? method : undefined),
    fee: () => world.fee,
    balance: () => world.balance,
    verify: () => (world.refuse ? { contract: 1, error: 3 } : undefined),
  }
  const quiet = (): void => undefined
  const deps: MempoolDeps = {
    chain,
    journal,
    authenticate: async (transactions) => {
      world.asked += 1
      return transactions.map((transaction) => world.signer(transaction))
    },
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  }
  return { pool: createMempool(options, deps), journal, world }
}

const send = (pool: Mempool, tx: SignedTransaction): Promise<unknown> =>
  pool.add(encodeTransaction(tx), { durable: true })
const code = (value: string): unknown =>
  expect.objectContaining({ code: value, details: expect.objectContaining({ help: expect.any(String) }) })

describe('admission', () => {
  test('default: an accepted transaction waits, is on disk, and is accepted again without a second place', async () => {
    const { pool, journal } = setup()
    const tx = make()
    await send(pool, tx)
    await send(pool, tx)
    expect(pool.size().transactions).toBe(1)
    expect(pool.get(transactionId(tx))?.transaction).toEqual(tx)
    expect(journal.size()).toBe(1)
  })

  test('behavior: a copy with a stranger’s signature spoils neither the transaction nor its place', async () => {
    const { pool, world } = setup()
    const tx = make()
    const forged: SignedTransaction = { ...tx, authorization: { kind: 0, signature: forgery } }
    world.signer = ({ authorization }) => (authorization.signature === forgery ? bob : alice)
    const both = await Promise.allSettled([send(pool, forged), send(pool, tx)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(pool.get(transactionId(tx))?.transaction).toEqual(tx)
  })

  test('behavior: two good signatures of one transaction make one place', async () => {
    const { pool } = setup()
    const tx = make()
    await Promise.all([send(pool, tx), send(pool, { ...tx, authorization: { kind: 0, signature: forgery } })])
    expect(pool.size().transactions).toBe(1)
    expect(pool.list(9)).toHaveLength(1)
  })

  test('behavior: a group has its signatures looked at together and shares one record on disk', async () => {
    const { pool, journal, world } = setup()
    const [good, forged, other] = [make(), make({ authorization: { kind: 0, signature: forgery } }), make()]
    world.signer = ({ authorization }) => (authorization.signature === forgery ? bob : alice)
    const sent = [good, forged, good, other].map(encodeTransaction)
    const outcomes = await pool.addAll([...sent, Uint8Array.of(1)], { durable: true })
    expect(outcomes.map((one) => ('error' in one ? (one.error as { code: string }).code : one.entry.id))).toEqual([
      transactionId(good),
      'tx.signatureMismatch',
      transactionId(good),
      transactionId(other),
      'tx.malformed',
    ])
    expect([pool.size().transactions, journal.size(), world.asked]).toEqual([2, 1, 1])
  })

  test('behavior: groups end as the same transactions one by one', async () => {
    const lot = [
      ...Array.from({ length: 6 }, () => make()),
      make({ authorization: { kind: 0, signature: forgery } }),
      make({ refHash: markOf(91n) }),
      make({ feeLimit: 9n }),
      ...Array.from({ length: 3 }, () => make({ from: bob })),
    ].map(encodeTransaction)
    const open = (journal?: Setup['journal']): Setup => {
      const s = setup({ maxPerAccount: 4 }, journal)
      s.world.signer = ({ authorization, from }) => (authorization.signature === forgery ? undefined : from)
      return s
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat({ max: lot.length - 1 }), { minLength: 1, maxLength: 9 }), { maxLength: 5 }),
        async (groups) => {
          const [together, single] = [open(), open()]
          for (const group of groups) {
            const envelopes = group.map((index) => lot[index] ?? new Uint8Array())
            const outcomes = await together.pool.addAll(envelopes, { durable: true })
            for (const [index, envelope] of envelopes.entries()) {
              const one = outcomes[index]
              const alone = await single.pool.add(envelope, { durable: true }).catch((error: unknown) => error)
              // Of two good reasons to refuse one, a group may name the other.
              expect(one === undefined || 'error' in one ? 'refused' : one.entry.id).toBe(
                alone instanceof Error ? 'refused' : (alone as { id: Hash }).id,
              )
            }
          }
          const waiting = ({ pool }: Setup): Hash[] => pool.list(99).map(({ id }) => id)
          expect(waiting(together)).toEqual(waiting(single))
          const after = open(together.journal)
          await after.pool.restore()
          expect(new Set(waiting(after))).toEqual(new Set(waiting(single)))
        },
      ),
    )
  })

  const refusals: [string, (s: Setup) => SignedTransaction][] = [
    ['tx.unknownMethod', () => make({ method: 2 })],
    ['tx.unknownMethod', () => make({ contract: systemAddress(9) })],
    ['tx.malformedArguments', () => make({ args: Uint8Array.of(1) })],
    [
      'tx.markExpired',
      ({ world }) => {
        world.height = 154n
        return make()
      },
    ],
    ['tx.markUnknown', () => make({ refHeight: 101n, refHash: markOf(101n) })],
    ['tx.markUnknown', () => make({ refHash: markOf(91n) })],
    [
      'tx.replay',
      ({ world }) => {
        const tx = make()
        world.included.add(transactionId(tx))
        return tx
      },
    ],
    ['tx.feeLimitTooLow', () => make({ feeLimit: 9n })],
    [
      'tx.balanceTooLow',
      ({ world }) => {
        world.balance = 9n
        return make()
      },
    ],
    [
      'tx.signatureMalformed',
      () => make({ authorization: { kind: 0, signature: `0x${'11'.repeat(32)}${'ff'.repeat(32)}1b` } }),
    ],
    [
      'tx.signatureMalformed',
      ({ world }) => {
        world.signer = () => undefined
        return make()
      },
    ],
    [
      'tx.signatureMismatch',
      ({ world }) => {
        world.signer = () => bob
        return make()
      },
    ],
    [
      'tx.refused',
      ({ world }) => {
        world.refuse = true
        return make()
      },
    ],
  ]
  test.each(refusals)('error: %s', async (expected, prepare) => {
    const s = setup()
    await expect(send(s.pool, prepare(s))).rejects.toThrow(code(expected) as Error)
    expect(s.pool.size()).toEqual({ transactions: 0, bytes: 0 })
    expect(s.journal.size()).toBe(0)
  })

  test('error: bytes that are no transaction', async () => {
    const { pool } = setup()
    await expect(pool.add(Uint8Array.of(1, 2), { durable: true })).rejects.toThrow(code('tx.malformed') as Error)
    await expect(pool.add(new Uint8Array(131_073), { durable: true })).rejects.toThrow(code('tx.tooLarge') as Error)
  })

  test('behavior: a mark is accepted at 64 blocks and refused at 65', async () => {
    const s = setup()
    s.world.height = 153n
    await send(s.pool, make())
    s.world.height = 154n
    await expect(send(s.pool, make())).rejects.toThrow(code('tx.markExpired') as Error)
  })

  test('error: what cannot be written is not accepted', async () => {
    const s = setup()
    s.journal.fail = true
    await expect(send(s.pool, make())).rejects.toThrow(code('tx.notDurable') as Error)
    expect(s.pool.size().transactions).toBe(0)
  })

  test('behavior: waiting fees count against the balance, and an account has a limit', async () => {
    const s = setup({ maxPerAccount: 2 })
    s.world.balance = 10n
    await send(s.pool, make())
    await expect(send(s.pool, make())).rejects.toThrow(code('tx.balanceTooLow') as Error)
    s.world.balance = 1000n
    await send(s.pool, make())
    await expect(send(s.pool, make())).rejects.toThrow(code('tx.accountLimit') as Error)
  })
})

describe('order and room', () => {
  test('behavior: higher fee per byte first, then arrival', async () => {
    const s = setup()
    const [a, b, c] = [make(), make(), make()]
    await send(s.pool, a)
    s.world.fee = 20n
    await send(s.pool, b)
    s.world.fee = 10n
    await send(s.pool, c)
    expect(s.pool.select({ maxTransactions: 9, maxBytes: 9999 })).toEqual([b, a, c])
    expect(s.pool.select({ maxTransactions: 2, maxBytes: 9999 })).toEqual([b, a])
    expect(s.pool.select({ maxTransactions: 9, maxBytes: encodeTransaction(a).length })).toEqual([b])
  })

  test('behavior: those the node stands for are told in the order in which they came, while they wait', async () => {
    const s = setup()
    const [cheap, dear, other, last] = [make(), make(), make(), make()]
    await send(s.pool, cheap)
    s.world.fee = 20n
    for (const transaction of [dear, other, last]) await send(s.pool, transaction)
    for (const one of [last, cheap, dear]) Object.assign(s.pool.get(transactionId(one)) ?? {}, { isOwn: true })
    const own = (): SignedTransaction[] => s.pool.own().map(({ transaction }) => transaction)
    expect(own()).toEqual([cheap, dear, last])
    s.pool.drop([transactionId(dear)])
    expect(own()).toEqual([cheap, last])
  })

  test('behavior: a full pool evicts the cheapest for a better one, and refuses equals', async () => {
    const s = setup({ maxTransactions: 2 })
    const [a, b] = [make(), make()]
    await send(s.pool, a)
    await send(s.pool, b)
    await expect(send(s.pool, make())).rejects.toThrow(code('tx.poolFull') as Error)
    s.world.fee = 30n
    const better = make()
    await send(s.pool, better)
    expect(s.pool.list(9).map((entry) => entry.transaction)).toEqual([better, a])
  })
})

describe('following the chain', () => {
  test('behavior: included ones leave, abandoned ones return, expired ones are remembered as such', async () => {
    const s = setup()
    const [a, b] = [make(), make({ refHeight: 95n, refHash: markOf(95n) })]
    await send(s.pool, a)
    s.world.included.add(transactionId(b))
    s.world.height = 101n
    await s.pool.follow({ included: [transactionId(b)], removed: [], finalizedHeight: 90n })
    s.world.included.clear()
    await s.pool.follow({ included: [], removed: [encodeTransaction(b)], finalizedHeight: 90n })
    expect(s.pool.size().transactions).toBe(2)
    s.world.height = 154n
    await s.pool.follow({ included: [], removed: [], finalizedHeight: 150n })
    expect(s.pool.get(transactionId(a))).toBeUndefined()
    expect(s.pool.getExpired(transactionId(a))?.transaction).toEqual(a)
    expect(s.pool.list(9).map((entry) => entry.transaction)).toEqual([b])
  })

  test('behavior: what left the chain with a lost branch waits for that branch, also over a restart', async () => {
    const s = setup()
    const tx = make()
    await send(s.pool, tx)
    await s.pool.follow({ included: [transactionId(tx)], removed: [], finalizedHeight: 90n })
    s.world.mark = () => '0x0000000000000000'
    s.world.refuse = true
    await s.pool.follow({ included: [], removed: [encodeTransaction(tx)], finalizedHeight: 90n })
    const again = setup({}, s.journal)
    again.world.mark = s.world.mark
    expect(await again.pool.restore()).toBe(1)
    for (const { pool, world } of [s, again]) {
      expect(pool.select({ maxTransactions: 9, maxBytes: 9999 })).toEqual([])
      world.mark = markOf
      expect(pool.select({ maxTransactions: 9, maxBytes: 9999 })).toEqual([tx])
    }
  })

  test('behavior: a restart brings back what was acknowledged and is not in a block', async () => {
    const first = setup()
    const [a, b] = [make(), make()]
    await send(first.pool, a)
    await send(first.pool, b)
    const second = setup({}, first.journal)
    second.world.included.add(transactionId(b))
    expect(await second.pool.restore()).toBe(1)
    expect(second.pool.list(9).map((entry) => entry.id)).toEqual([transactionId(a)])
    second.world.height = 300n
    await second.pool.follow({ included: [], removed: [], finalizedHeight: 290n })
    expect(second.journal.size()).toBe(0)
  })
})
