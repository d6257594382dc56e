import { describe, expect, test } from 'vitest'
import { createContext, createJournal, UNLIMITED } from '#contracts/runtime'
import { decodeFields, systemAddress, TREASURY_ADDRESS } from '#kernel'
import { ZERO_HASH } from '#primitives'
import { createSandbox, type Sandbox, sandboxAccount, sandboxCommitment } from '../../testing/sandbox/index.ts'
import { fundsProvider, token } from './index.ts'

const [alice, bob, carol] = [sandboxAccount(1), sandboxAccount(2), sandboxAccount(3)] as const
const ELF = 100_000_000n
const DAY = 86_400_000n

const start = (): Sandbox =>
  createSandbox({ balances: [alice, bob].map((account) => ({ account, amount: 1_000n * ELF })) })

const balance = (box: Sandbox, account: string, symbol = 'ELF') => box.view('token', 'balanceOf', { account, symbol })

type Args = Record<string, string | number | bigint | boolean>
const call = (box: Sandbox, from: typeof alice, method: string, args: Args) =>
  box.send({ from, contract: 'token', method, args })

const errorName = (box: Sandbox, from: typeof alice, method: string, args: Args): string => {
  const { error } = call(box, from, method, args)
  expect(box.violations()).toEqual([])
  if (error === undefined) return 'none'
  expect(error.contract).toBe(1)
  return token.errors.find(({ number }) => number === error.error)?.name ?? 'unknown'
}

describe('transfer [TOKEN-TRANSFER-1]', () => {
  test('moves the amount and charges the fee to the treasury account [TOKEN-FEE-1]', () => {
    const box = start()
    const receipt = call(box, alice, 'transfer', { to: carol, symbol: 'ELF', amount: 5n * ELF })
    expect(receipt.status).toBe('success')
    expect(receipt.fee).toBeGreaterThan(100_000n)
    expect(balance(box, carol)).toBe(5n * ELF)
    expect(balance(box, alice)).toBe(995n * ELF - receipt.fee)
    expect(balance(box, TREASURY_ADDRESS)).toBe(receipt.fee)
    const [event] = receipt.events
    expect(event?.number).toBe(1)
    expect(decodeFields(token.events[0]?.fields ?? [], event?.data ?? new Uint8Array())).toEqual({
      from: alice,
      to: carol,
      symbol: 'ELF',
      amount: 5n * ELF,
    })
  })

  test('to oneself changes nothing but the fee', () => {
    const box = start()
    const receipt = call(box, alice, 'transfer', { to: alice, symbol: 'ELF', amount: 5n * ELF })
    expect(balance(box, alice)).toBe(1_000n * ELF - receipt.fee)
  })

  test('error: zeroAmount', () =>
    expect(errorName(start(), alice, 'transfer', { to: bob, symbol: 'ELF', amount: 0n })).toBe('zeroAmount'))

  test('error: insufficientBalance, of unknown tokens too, and the fee is kept', () => {
    const box = start()
    expect(errorName(box, alice, 'transfer', { to: bob, symbol: 'ELF', amount: 1_000n * ELF })).toBe(
      'insufficientBalance',
    )
    expect(balance(box, alice)).toBe(1_000n * ELF - (balance(box, TREASURY_ADDRESS) as bigint))
    expect(balance(box, TREASURY_ADDRESS)).not.toBe(0n)
    expect(errorName(box, alice, 'transfer', { to: bob, symbol: 'NONE', amount: 1n })).toBe('insufficientBalance')
  })

  test('the whole balance less the fee can be sent, one unit more cannot', () => {
    const box = start()
    const { fee } = call(box, alice, 'transfer', { to: bob, symbol: 'ELF', amount: 1n })
    const rest = balance(box, alice) as bigint
    expect(errorName(box, alice, 'transfer', { to: bob, symbol: 'ELF', amount: rest - fee + 1n })).toBe(
      'insufficientBalance',
    )
    expect(
      errorName(box, alice, 'transfer', { to: bob, symbol: 'ELF', amount: (balance(box, alice) as bigint) - fee }),
    ).toBe('none')
    expect(balance(box, alice)).toBe(0n)
  })
})

describe('allowances', () => {
  test('approve replaces, zero withdraws [TOKEN-ALLOW-1]', () => {
    const box = start()
    const allowance = () => box.view('token', 'allowance', { owner: alice, spender: bob, symbol: 'ELF' })
    call(box, alice, 'approve', { spender: bob, symbol: 'ELF', amount: 5n })
    expect(allowance()).toBe(5n)
    call(box, alice, 'approve', { spender: bob, symbol: 'ELF', amount: 3n })
    expect(allowance()).toBe(3n)
    call(box, alice, 'approve', { spender: bob, symbol: 'ELF', amount: 0n })
    expect(allowance()).toBe(0n)
  })

  test('transferFrom lowers the allowance [TOKEN-ALLOW-2]', () => {
    const box = start()
    call(box, alice, 'approve', { spender: bob, symbol: 'ELF', amount: 5n * ELF })
    expect(errorName(box, bob, 'transferFrom', { owner: alice, to: carol, symbol: 'ELF', amount: 3n * ELF })).toBe(
      'none',
    )
    expect(balance(box, carol)).toBe(3n * ELF)
    expect(box.view('token', 'allowance', { owner: alice, spender: bob, symbol: 'ELF' })).toBe(2n * ELF)
    expect(errorName(box, bob, 'transferFrom', { owner: alice, to: carol, symbol: 'ELF', amount: 3n * ELF })).toBe(
      'insufficientAllowance',
    )
  })

  test('error: zeroAmount and insufficientBalance', () => {
    const box = start()
    call(box, alice, 'approve', { spender: bob, symbol: 'ELF', amount: 5_000n * ELF })
    expect(errorName(box, bob, 'transferFrom', { owner: alice, to: carol, symbol: 'ELF', amount: 0n })).toBe(
      'zeroAmount',
    )
    expect(errorName(box, bob, 'transferFrom', { owner: alice, to: carol, symbol: 'ELF', amount: 1_000n * ELF })).toBe(
      'insufficientBalance',
    )
  })
})

describe('create [TOKEN-CREATE-1] and burn [TOKEN-BURN-1]', () => {
  const good = { symbol: 'GOLD', tokenName: 'Gold', supply: 500n, burnable: true }

  test('gives the supply to the sender', () => {
    const box = start()
    expect(errorName(box, alice, 'create', good)).toBe('none')
    expect(balance(box, alice, 'GOLD')).toBe(500n)
    expect(errorName(box, alice, 'burn', { symbol: 'GOLD', amount: 200n })).toBe('none')
    expect(box.view('token', 'tokenInfo', { symbol: 'GOLD' })).toEqual({
      symbol: 'GOLD',
      decimals: 8,
      tokenName: 'Gold',
      supply: 500n,
      creator: alice,
      burnable: true,
      burned: 200n,
    })
    expect(box.view('token', 'tokenInfo', { symbol: 'NONE' })).toBeNull()
  })

  test.each([
    ['symbolForm', { symbol: 'gold' }],
    ['symbolForm', { symbol: 'G' }],
    ['symbolForm', { symbol: 'GOLDGOLDGOLD' }],
    ['nameForm', { tokenName: '' }],
    ['nameForm', { tokenName: 'x'.repeat(65) }],
    ['supplyRange', { supply: 0n }],
    ['supplyRange', { supply: 1n << 127n }],
    ['symbolTaken', { symbol: 'ELF' }],
  ])('error: %s', (name, change) => expect(errorName(start(), alice, 'create', { ...good, ...change })).toBe(name))

  test('error: burn', () => {
    const box = start()
    call(box, alice, 'create', { ...good, burnable: false })
    expect(errorName(box, alice, 'burn', { symbol: 'GOLD', amount: 1n })).toBe('notBurnable')
    expect(errorName(box, alice, 'burn', { symbol: 'NONE', amount: 1n })).toBe('notBurnable')
    expect(errorName(box, alice, 'burn', { symbol: 'ELF', amount: 0n })).toBe('zeroAmount')
    expect(errorName(box, bob, 'burn', { symbol: 'ELF', amount: 2_000n * ELF })).toBe('insufficientBalance')
  })
})

describe('time locks [TOKEN-LOCK-1] [TOKEN-LOCK-2]', () => {
  test('are released once, at their end and not before', () => {
    const box = start()
    const { transactionId: lockId } = call(box, alice, 'lock', { symbol: 'ELF', amount: 10n * ELF, lockDays: 2 })
    expect(box.view('token', 'lockedOf', { account: alice, symbol: 'ELF' })).toBe(10n * ELF)
    const lock = box.view('token', 'lockOf', { lockId }) as { endsAt: bigint }
    expect(lock).toMatchObject({ lockId, owner: alice, symbol: 'ELF', amount: 10n * ELF, holder: token.address })
    box.advance(lock.endsAt - box.timeMs() - 8_000n)
    expect(errorName(box, alice, 'unlock', { lockId })).toBe('lockActive')
    expect(box.timeMs()).toBe(lock.endsAt - 4_000n)
    expect(errorName(box, bob, 'unlock', { lockId })).toBe('notLockOwner')
    expect(errorName(box, alice, 'unlock', { lockId })).toBe('none')
    expect(box.view('token', 'lockedOf', { account: alice, symbol: 'ELF' })).toBe(0n)
    expect(errorName(box, alice, 'unlock', { lockId })).toBe('unknownLock')
  })

  test('are available from exactly the end', () => {
    const box = start()
    const { transactionId: lockId } = call(box, alice, 'lock', { symbol: 'ELF', amount: 10n * ELF, lockDays: 1 })
    box.advance(DAY - 4_000n)
    expect(errorName(box, alice, 'unlock', { lockId })).toBe('none')
  })

  test('error: lock', () => {
    const box = start()
    expect(errorName(box, alice, 'lock', { symbol: 'ELF', amount: 0n, lockDays: 2 })).toBe('zeroAmount')
    expect(errorName(box, alice, 'lock', { symbol: 'ELF', amount: 1n, lockDays: 0 })).toBe('lockPeriod')
    expect(errorName(box, alice, 'lock', { symbol: 'ELF', amount: 1n, lockDays: 3_651 })).toBe('lockPeriod')
    expect(errorName(box, alice, 'lock', { symbol: 'ELF', amount: 1_000n * ELF, lockDays: 2 })).toBe(
      'insufficientBalance',
    )
  })

  test('error: lockHeld for a stake of another contract', () => {
    const candidate = { address: bob, name: 'B', url: '', commitment: sandboxCommitment(1), commissionBps: 0 }
    const box = createSandbox({
      balances: [
        { account: alice, amount: 10n * ELF },
        { account: bob, amount: 100_000n * ELF },
      ],
      candidates: [candidate],
    })
    const vote = box.send({
      from: alice,
      contract: 'election',
      method: 'vote',
      args: { delegate: bob, amount: ELF, lockDays: 90 },
    })
    box.advance(91n * DAY)
    expect(errorName(box, alice, 'unlock', { lockId: vote.transactionId })).toBe('lockHeld')
    expect(box.view('token', 'lockedOf', { account: alice, symbol: 'ELF' })).toBe(ELF)
  })
})

describe('funds [TOKEN-MINT-1]', () => {
  test('are open to the reward contract alone, and new ELF shows in the supply', () => {
    const box = start()
    const scope = {
      registry: box.registry,
      journal: createJournal(box.state()),
      access: UNLIMITED,
      block: box.env(),
      from: alice,
      transactionId: ZERO_HASH,
    }
    for (const caller of [alice, systemAddress(2), token.address])
      expect(() => fundsProvider.calls(createContext(scope, token.address, caller)).mint(5n)).toThrow(
        'Only the reward contract creates ELF',
      )
    const ctx = createContext(scope, token.address, systemAddress(4))
    fundsProvider.calls(ctx).mint(5n)
    expect(fundsProvider.reads(ctx).balanceOf(systemAddress(4))).toBe(5n)
    fundsProvider.calls(ctx).pay({ to: carol, amount: 3n })
    expect(fundsProvider.reads(ctx).balanceOf(carol)).toBe(3n)
    expect(() => fundsProvider.calls(ctx).pay({ to: carol, amount: 3n })).toThrow('below zero')
    const infoOf = token.views.find(({ name }) => name === 'tokenInfo')
    expect(infoOf?.read(ctx, { symbol: 'ELF' })).toMatchObject({ supply: 2_000n * ELF + 5n })
  })
})
