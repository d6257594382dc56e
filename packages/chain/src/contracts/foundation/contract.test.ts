import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Address } from '#primitives'
import { createSandbox, type Sandbox, sandboxAccount } from '../../testing/sandbox/index.ts'
import { foundation } from './index.ts'

const ELF = 100_000_000n
const WEEK = 7n * 86_400_000n
const people = Array.from({ length: 70 }, (_, n) => sandboxAccount(n))
const [a, b, c, d, e] = people as [Address, Address, Address, Address, Address]

const start = (members: readonly Address[] = [a, b, c], memberThreshold = 2): Sandbox =>
  createSandbox({
    balances: people.map((account) => ({ account, amount: 100n * ELF })),
    members,
    memberThreshold,
  })

type Args = Record<string, string | number>

function call(box: Sandbox, from: Address, method: string, args: Args): string {
  const { error } = box.send({ from, contract: 'foundation', method, args })
  expect(box.violations()).toEqual([])
  if (error === undefined) return 'ok'
  return error.contract === 6
    ? (foundation.errors.find(({ number }) => number === error.error)?.name ?? 'unknown')
    : `contract ${error.contract}: ${error.error}`
}
const add = (box: Sandbox, from: Address, member: string): string => call(box, from, 'addMember', { member })
const remove = (box: Sandbox, from: Address, member: string): string => call(box, from, 'removeMember', { member })
const threshold = (box: Sandbox, from: Address, value: number): string =>
  call(box, from, 'setThreshold', { threshold: value })
const members = (box: Sandbox): { members: Address[]; threshold: number } =>
  box.view('foundation', 'members') as unknown as { members: Address[]; threshold: number }
const open = (box: Sandbox): { kind: number; voters: Address[]; endsAt: bigint }[] =>
  box.view('foundation', 'openChanges') as unknown as { kind: number; voters: Address[]; endsAt: bigint }[]

describe('changes', () => {
  test('have the hash of what they do as id [CON-FOUNDATION-1] [CON-FOUNDATION-2]', () => {
    const box = start()
    add(box, a, d)
    threshold(box, b, 3)
    expect(add(box, c, e)).toBe('ok')
    const tag = 'aelf/foundation-change/1'
    const id = (kind: number, member: string, value: number): string => {
      const content = Buffer.alloc(25)
      content[0] = kind
      content.write(member.slice(2), 1, 'hex')
      content.writeUInt32BE(value, 21)
      return `0x${createHash('sha256')
        .update(Buffer.concat([Buffer.from([tag.length]), Buffer.from(tag), content]))
        .digest('hex')}`
    }
    const nobody = `0x${'00'.repeat(20)}`
    const ids = (): string[] =>
      (box.view('foundation', 'openChanges') as unknown as { changeId: string }[]).map(({ changeId }) => changeId)
    expect(ids()).toEqual([id(1, d, 0), id(3, nobody, 3), id(1, e, 0)])
    // A vote that is not enough moves the change to the end of the list; here it is enough.
    expect(add(box, b, d)).toBe('ok')
    expect(ids()).toEqual([id(3, nobody, 3), id(1, e, 0)])
  })

  test('pass with as many votes as the threshold asks for, one fewer is not enough [FOUNDATION-CHANGE-1]', () => {
    const box = start([a, b, c, d], 3)
    expect(add(box, a, e)).toBe('ok')
    expect(add(box, b, e)).toBe('ok')
    expect(members(box).members).toEqual([a, b, c, d])
    expect(open(box)).toMatchObject([{ kind: 1, voters: [a, b] }])
    expect(add(box, c, e)).toBe('ok')
    expect(members(box)).toEqual({ members: [a, b, c, d, e], threshold: 3 })
    expect(open(box)).toEqual([])
    for (const voter of [a, b, c]) expect(threshold(box, voter, 4)).toBe('ok')
    expect(members(box).threshold).toBe(4)
    for (const voter of [a, b, c]) expect(remove(box, voter, e)).toBe('ok')
    expect(members(box).members).toContain(e)
    expect(remove(box, e, e)).toBe('ok')
    expect(members(box).members).toEqual([a, b, c, d])
  })

  test('one vote makes a change where one is enough [FOUNDATION-CHANGE-1]', () => {
    const box = start([a], 1)
    expect(add(box, a, b)).toBe('ok')
    expect(members(box).members).toEqual([a, b])
    expect(box.view('foundation', 'isMember', { account: b })).toBe(true)
    expect(box.view('foundation', 'isMember', { account: c })).toBe(false)
  })

  test('a vote counts once, and only while its voter is a member [FOUNDATION-CHANGE-2]', () => {
    const box = start([a, b, c, d], 2)
    expect(add(box, d, e)).toBe('ok')
    expect(add(box, d, e)).toBe('alreadyVoted')
    expect(remove(box, a, d)).toBe('ok')
    expect(remove(box, b, d)).toBe('ok')
    expect(add(box, a, e)).toBe('ok')
    expect(members(box).members).toEqual([a, b, c])
    expect(add(box, b, e)).toBe('ok')
    expect(members(box).members).toEqual([a, b, c, e])
  })

  test('too few votes in a week are none [FOUNDATION-CHANGE-2]', () => {
    const box = start()
    expect(add(box, a, d)).toBe('ok')
    const [{ endsAt } = { endsAt: 0n }] = open(box)
    expect(endsAt - box.timeMs()).toBe(WEEK)
    // One block before the end it still takes votes; at the end it does not.
    box.advance(WEEK - 8_000n)
    expect(open(box)).toHaveLength(1)
    expect(add(box, a, d)).toBe('alreadyVoted')
    expect(open(box)).toHaveLength(1)
    expect(add(box, b, d)).toBe('ok')
    expect(open(box)).toMatchObject([{ voters: [b] }])
    expect(members(box).members).toEqual([a, b, c])
    expect(add(box, c, d)).toBe('ok')
    expect(members(box).members).toEqual([a, b, c, d])
  })

  test('are refused with a code [FOUNDATION-CHANGE-1] [FOUNDATION-CHANGE-3]', () => {
    const box = start()
    expect(add(box, d, e)).toBe('notMember')
    expect(remove(box, d, a)).toBe('notMember')
    expect(threshold(box, d, 1)).toBe('notMember')
    expect(add(box, a, `0x${'00'.repeat(20)}`)).toBe('memberForm')
    expect(add(box, a, b)).toBe('alreadyMember')
    expect(remove(box, a, e)).toBe('unknownMember')
    for (const value of [0, 2, 4]) expect(threshold(box, a, value)).toBe('thresholdRange')
  })

  test('never leave fewer members than must agree, and none above 64 [FOUNDATION-CHANGE-3]', () => {
    const box = start([a, b], 2)
    expect(remove(box, a, b)).toBe('tooFewMembers')
    const alone = start([a], 1)
    expect(remove(alone, a, a)).toBe('tooFewMembers')
    const full = start(people.slice(0, 63), 1)
    expect(add(full, a, people[63] as Address)).toBe('ok')
    expect(add(full, a, people[64] as Address)).toBe('membersFull')
    // Two removals that were both possible when they opened: the second finds too few.
    const three = start([a, b, c], 2)
    expect(remove(three, a, b)).toBe('ok')
    expect(remove(three, c, c)).toBe('ok')
    expect(remove(three, c, b)).toBe('ok')
    expect(remove(three, a, c)).toBe('tooFewMembers')
  })

  test('one of a member’s own waits at a time, 64 in all [FOUNDATION-CHANGE-4]', () => {
    const box = start()
    expect(add(box, a, d)).toBe('ok')
    expect(add(box, a, e)).toBe('changeOpen')
    expect(add(box, b, e)).toBe('ok')
    expect(add(box, a, e)).toBe('ok')
    expect(members(box).members).toContain(e)
    box.advance(WEEK)
    box.block([])
    expect(remove(box, a, e)).toBe('ok')
    expect(open(box)).toHaveLength(1)
  })
})
