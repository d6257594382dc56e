import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { pathOf } from '#contracts/runtime'
import { encodeFields, parseSignature, renderIntent } from '#kernel'
import { asAddress } from '#primitives'
import { brokenNumbers, fromSource, render, target } from '../../../scripts/generateMetadata.ts'
import { balances } from '../token/state.ts'
import {
  type ContractDescriptor,
  decodeCall,
  decodeError,
  decodeEvent,
  decodeItemValue,
  descriptors,
  encodeCall,
  encodeItemKey,
  findContract,
  findEvent,
  findMethod,
  findView,
  getItem,
  getMethod,
} from './index.ts'

const account = asAddress(`0x${'ab'.repeat(20)}`)
const election = (): ContractDescriptor => findContract('election') as ContractDescriptor

describe('descriptors', () => {
  test('are what the contracts say: run scripts/generateMetadata.ts', () => {
    expect(readFileSync(target, 'utf8')).toBe(render(fromSource()))
    expect(brokenNumbers(descriptors, fromSource())).toEqual([])
  })

  test('a number that is dropped, renamed or given to something else is noticed', () => {
    const without = { ...election(), methods: election().methods.slice(1) }
    expect(brokenNumbers([election()], [without])).toHaveLength(1)
    const [first, ...rest] = election().errors
    const renamed = { ...election(), errors: [{ ...first!, name: 'other' }, ...rest] }
    expect(brokenNumbers([election()], [renamed])).toEqual([expect.stringContaining('error 1 was: alreadyCandidate')])
    expect(brokenNumbers([election()], [])).not.toEqual([])
    expect(brokenNumbers([], [election()])).toEqual([])
  })

  test('every method renders its sentence from its own arguments', () => {
    const sample = {
      address: account,
      uint8: 1,
      uint32: 100,
      uint64: 1n,
      uint128: 1n,
      uint256: 1n,
      bool: true,
      string: 'ELF',
      bytes: '0x00',
      bytes8: `0x${'00'.repeat(8)}`,
      bytes32: `0x${'00'.repeat(32)}`,
    }
    for (const method of descriptors.flatMap(({ methods }) => methods)) {
      expect(parseSignature(method.signature)).toEqual(method.abi)
      const args = Object.fromEntries(method.abi.args.map(({ name, type }) => [name, sample[type]]))
      expect(renderIntent(method, args), method.name).toMatch(/^[A-Z]/)
    }
  })
})

describe('codecs', () => {
  test('a call keeps its names and its sentence', () => {
    const call = encodeCall('election', 'vote', { delegate: account, amount: 120_000_000_000n, lockDays: 365 })
    expect(decodeCall(call)).toMatchObject({
      contract: 'election',
      method: 'vote',
      args: { delegate: account, amount: 120_000_000_000n, lockDays: 365 },
      intent: `Lock 1,200 ELF for 365 days and vote for ${account}`,
    })
    expect(decodeCall({ ...call, args: call.args.slice(1) })).toBeUndefined()
    expect(decodeCall({ ...call, method: 999 })).toBeUndefined()
    expect(decodeCall({ ...call, contract: account })).toBeUndefined()
  })

  test('error: unknown names', () => {
    expect(() => encodeCall('election', 'none', {})).toThrow(
      expect.objectContaining({ code: 'metadata.unknownMethod' }),
    )
    expect(() => getItem('token', 'none')).toThrow(expect.objectContaining({ code: 'metadata.unknownItem' }))
    expect(() => getMethod('none', 'vote')).toThrow(expect.objectContaining({ code: 'metadata.unknownMethod' }))
    expect(findContract('runtime')?.number).toBe(0)
    expect(findContract(`0x${'00'.repeat(20)}`)).toBeUndefined()
  })

  test('names, numbers and addresses find the same', () => {
    const { address } = election()
    expect(findMethod(address.toUpperCase().replace('0X', '0x'), 6)).toBe(findMethod('election', 'vote'))
    expect(findEvent(address, 6)?.name).toBe('Voted')
    expect(findView('token', 'balanceOf')?.args.map(({ name }) => name)).toEqual(['account', 'symbol'])
  })

  test('events and errors get their names back', () => {
    const { fields } = findEvent('token', 'Transfer')!
    const values = { from: account, to: account, symbol: 'ELF', amount: 5n }
    const event = { contract: findContract('token')!.address, number: 1, data: encodeFields(fields, values) }
    expect(decodeEvent(event)).toEqual({ contract: 'token', name: 'Transfer', args: values })
    expect(decodeEvent({ ...event, data: new Uint8Array(3) })).toBeUndefined()
    expect(decodeError({ contract: 2, error: 22 })).toMatchObject({
      code: 'election.stillLocked',
      help: 'Wait until the lock has ended.',
    })
    expect(decodeError({ contract: 0, error: 2 }).code).toBe('runtime.insufficientFee')
    expect(decodeError({ contract: 2, error: 999 }).code).toBe('election.error999')
    expect(decodeError({ contract: 99, error: 1 }).code).toBe('contract99.error1')
  })

  test('state keys lead to the path the contract uses', () => {
    const key = { account, symbol: 'ELF' }
    expect(encodeItemKey('token', 'balances', key).path).toBe(pathOf(balances, key))
    expect(encodeItemKey('token', 1, [account, 'ELF']).path).toBe(pathOf(balances, key))
    expect(() => encodeItemKey('token', 'balances', [account])).toThrow(expect.objectContaining({ code: 'abi.field' }))
    expect(decodeItemValue('token', 'balances', undefined)).toEqual({ amount: 0n })
    expect(decodeItemValue('token', 'tokens', undefined)).toBeNull()
    expect(decodeItemValue('token', 'balances', encodeFields(balances.value, { amount: 7n }))).toEqual({ amount: 7n })
  })
})
