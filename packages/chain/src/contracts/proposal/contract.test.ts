import { describe, expect, test } from 'vitest'
import { TREASURY_ADDRESS } from '#kernel'
import { type Address, asHash, type Hash, ZERO_HASH } from '#primitives'
import { createSandbox, type Sandbox, sandboxAccount, sandboxCommitment } from '../../testing/sandbox/index.ts'
import { proposal } from './index.ts'

const ELF = 100_000_000n
const DEPOSIT = 1_000n * ELF
const FORTNIGHT = 14n * 86_400_000n
const TEXT = asHash(`0x${'e1'.repeat(32)}`)
const ARCHIVE = asHash(`0x${'a1'.repeat(32)}`)
const BUNDLE = asHash(`0x${'b1'.repeat(32)}`)
const OTHER = asHash(`0x${'0f'.repeat(32)}`)
const author = sandboxAccount(0)
const second = sandboxAccount(1)
const stranger = sandboxAccount(2)
const producer = (n: number): Address => sandboxAccount(100 + n)
const everyone = (n: number): Address[] => Array.from({ length: n }, (_, index) => producer(index))

/** A network of n producers, all of them registered delegates. */
const start = (n: number, params: Record<string, bigint> = {}): Sandbox =>
  createSandbox({
    balances: [author, second, stranger, ...everyone(n)].map((account) => ({ account, amount: 200_000n * ELF })),
    members: [author, second],
    producers: everyone(n).map((address, index) => ({ address, commitment: sandboxCommitment(index) })),
    candidates: everyone(n).map((address, index) => ({
      address,
      name: `Delegate ${index}`,
      url: '',
      commitment: sandboxCommitment(index),
      commissionBps: 0,
    })),
    params,
  })

type Args = Record<string, string | number | bigint>
const GOOD = { title: 'Feature', textHash: TEXT, archiveHash: ARCHIVE, archiveBytes: 1000n, bundleHash: BUNDLE }

function act(box: Sandbox, from: Address, method: string, args: Args): { result: string; id: Hash } {
  const { error, transactionId } = box.send({ from, contract: 'proposal', method, args })
  expect(box.violations()).toEqual([])
  const id = asHash(transactionId)
  if (error === undefined) return { result: 'ok', id }
  const name = proposal.errors.find(({ number }) => number === error.error)?.name
  return {
    id,
    result: error.contract === 7 && name !== undefined ? name : `contract ${error.contract}: ${error.error}`,
  }
}
const submit = (box: Sandbox, from: Address = author, change: Args = {}): { result: string; id: Hash } =>
  act(box, from, 'submit', { ...GOOD, ...change })
const choose = (
  box: Sandbox,
  from: Address,
  method: 'adopt' | 'decline',
  proposalId: Hash,
  change: Args = {},
): string => act(box, from, method, { proposalId, textHash: TEXT, archiveHash: ARCHIVE, ...change }).result
const review = (box: Sandbox, from: Address, proposalId: Hash, change: Args = {}): string =>
  act(box, from, 'review', {
    proposalId,
    archiveHash: ARCHIVE,
    verdict: 1,
    reviewHash: ZERO_HASH,
    checklist: 255,
    ...change,
  }).result

interface Shown {
  author: Address
  status: number
  electorate: number
  quorum: number
  adopted: number
  declined: number
  endsAt: bigint
  number: number
}
const show = (box: Sandbox, proposalId: Hash): Shown =>
  box.view('proposal', 'proposal', { proposalId }) as unknown as Shown
const elf = (box: Sandbox, account: Address): bigint =>
  box.view('token', 'balanceOf', { account, symbol: 'ELF' }) as bigint
const locked = (box: Sandbox, account: Address): bigint =>
  box.view('token', 'lockedOf', { account, symbol: 'ELF' }) as bigint
const events = (box: Sandbox, from: Address, method: string, args: Args): number[] => {
  const receipt = box.send({ from, contract: 'proposal', method, args })
  // What the token contract says stands as a negative number.
  return receipt.events.map(({ contract, number }) => (contract === proposal.address ? number : -number))
}

describe('submission', () => {
  test('keeps the hashes under the id of its transaction and locks the deposit [PROPOSAL-SUBMIT-1] [PROPOSAL-SUBMIT-3]', () => {
    const box = start(4)
    const { result, id } = submit(box)
    expect(result).toBe('ok')
    expect(show(box, id)).toMatchObject({ author, ...GOOD, status: 1, electorate: 4, quorum: 3, number: 1 })
    expect(show(box, id).endsAt - box.timeMs()).toBe(FORTNIGHT)
    expect(locked(box, author)).toBe(DEPOSIT)
    expect(box.view('token', 'lockOf', { lockId: id })).toMatchObject({ owner: author, amount: DEPOSIT, endsAt: 0n })
    const other = submit(box, author, { textHash: OTHER })
    expect(other.id).not.toBe(id)
    expect(box.view('proposal', 'proposals', { before: 0, limit: 50 })).toMatchObject([{ number: 2 }, { number: 1 }])
    expect(box.view('proposal', 'proposals', { before: 2, limit: 50 })).toMatchObject([{ number: 1 }])
    expect(box.view('proposal', 'proposals', { before: 1, limit: 50 })).toEqual([])
    expect(box.view('proposal', 'proposal', { proposalId: OTHER })).toBe(null)
    expect(box.view('proposal', 'rules')).toEqual({ deposit: DEPOSIT, periodSeconds: 1_209_600n, openMax: 3n })
  })

  test('is refused with a code [PROPOSAL-SUBMIT-1] [PROPOSAL-SUBMIT-3]', () => {
    const box = start(4)
    expect(submit(box, stranger).result).toBe('notMember')
    expect(submit(box, producer(0)).result).toBe('notMember')
    for (const title of ['', '  ', 'x'.repeat(101)]) expect(submit(box, author, { title }).result).toBe('titleForm')
    expect(submit(box, author, { textHash: ZERO_HASH }).result).toBe('hashMissing')
    expect(submit(box, author, { archiveHash: ZERO_HASH }).result).toBe('hashMissing')
    for (const archiveBytes of [0n, 10n * 1024n * 1024n + 1n])
      expect(submit(box, author, { archiveBytes }).result).toBe('archiveSize')
    expect(submit(box, author, { bundleHash: ZERO_HASH, archiveBytes: 10n * 1024n * 1024n }).result).toBe('ok')
    expect(submit(box).result).toBe('ok')
    expect(submit(box).result).toBe('ok')
    expect(submit(box).result).toBe('tooManyOpen')
    expect(submit(box, second).result).toBe('ok')
    expect(submit(start(0)).result).toBe('noElectorate')
    expect(submit(start(4, { 'proposal.deposit': 300_000n * ELF })).result).toBe('depositMissing')
  })

  test('fixes who may choose: later producers do not, and at most 101 do [PROPOSAL-SUBMIT-2]', () => {
    const box = start(4)
    const { id } = submit(box)
    // The election of the next term has other producers: one seat only.
    box.advance(8n * 86_400_000n)
    box.block([])
    expect(choose(box, producer(3), 'adopt', id)).toBe('ok')
    const electorate = box.view('proposal', 'electorate', { proposalId: id }) as unknown as { producer: Address }[]
    expect(electorate.map(({ producer: one }) => one)).toEqual(everyone(4))
    const large = start(103)
    const other = submit(large)
    expect(show(large, other.id)).toMatchObject({ electorate: 101, quorum: 68 })
    expect(choose(large, producer(100), 'adopt', other.id)).toBe('ok')
    expect(choose(large, producer(101), 'adopt', other.id)).toBe('notInElectorate')
  })
})

describe('choices', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 17, 21])(
    'of %s producers approve at more than two thirds, not one before [PROPOSAL-APPROVE-1]',
    (n) => {
      const box = start(n)
      const { id } = submit(box)
      const { quorum } = show(box, id)
      expect(3 * quorum > 2 * n && 3 * (quorum - 1) <= 2 * n).toBe(true)
      const before = elf(box, author)
      for (let index = 0; index < quorum - 1; index++) expect(choose(box, producer(index), 'adopt', id)).toBe('ok')
      expect(show(box, id)).toMatchObject({ status: 1, adopted: quorum - 1 })
      expect(elf(box, author)).toBe(before)
      expect(choose(box, producer(quorum - 1), 'adopt', id)).toBe('ok')
      expect(show(box, id)).toMatchObject({ status: 2, adopted: quorum })
      expect(elf(box, author)).toBe(before + DEPOSIT)
      if (n > quorum) expect(choose(box, producer(quorum), 'adopt', id)).toBe('closed')
      expect(locked(box, author)).toBe(0n)
    },
  )

  test.each([1, 2, 3, 4, 5, 6, 7, 17, 21])(
    'of %s producers reject when too few are left, not one before; the deposit goes to the treasury [PROPOSAL-REJECT-1]',
    (n) => {
      const box = start(n)
      const { id } = submit(box)
      const needed = n - Math.floor((2 * n) / 3)
      for (let index = 0; index < needed - 1; index++) expect(choose(box, producer(index), 'decline', id)).toBe('ok')
      expect(show(box, id)).toMatchObject({ status: 1, declined: needed - 1 })
      const treasury = elf(box, TREASURY_ADDRESS)
      const receipt = box.send({
        from: producer(needed - 1),
        contract: 'proposal',
        method: 'decline',
        args: { proposalId: id, textHash: TEXT, archiveHash: ARCHIVE },
      })
      expect(receipt.status).toBe('success')
      expect(show(box, id)).toMatchObject({ status: 3, declined: needed })
      expect(elf(box, TREASURY_ADDRESS)).toBe(treasury + receipt.fee + DEPOSIT)
      expect(locked(box, author)).toBe(0n)
      expect(box.violations()).toEqual([])
    },
  )

  test('are refused from outside, twice, for other hashes, for nothing, and after the end [PROPOSAL-CHOICE-1] [PROPOSAL-CHOICE-2]', () => {
    const box = start(4)
    const { id } = submit(box)
    expect(choose(box, stranger, 'adopt', id)).toBe('notInElectorate')
    expect(choose(box, author, 'decline', id)).toBe('notInElectorate')
    expect(choose(box, producer(0), 'adopt', id, { textHash: OTHER })).toBe('textMismatch')
    expect(choose(box, producer(0), 'adopt', id, { archiveHash: OTHER })).toBe('archiveMismatch')
    expect(choose(box, producer(0), 'adopt', OTHER)).toBe('unknownProposal')
    expect(choose(box, producer(0), 'adopt', id)).toBe('ok')
    expect(choose(box, producer(0), 'adopt', id)).toBe('alreadyChosen')
    expect(show(box, id)).toMatchObject({ adopted: 1, declined: 0 })
    expect(choose(box, producer(0), 'decline', id)).toBe('ok')
    expect(show(box, id)).toMatchObject({ adopted: 0, declined: 1 })
    expect(choose(box, producer(0), 'decline', id)).toBe('alreadyChosen')
    const { endsAt } = show(box, id)
    box.advance(endsAt - box.timeMs() - 8_000n)
    expect(choose(box, producer(0), 'adopt', id)).toBe('ok')
    expect(show(box, id).status).toBe(1)
    // The next block is at the end.
    expect(choose(box, producer(1), 'adopt', id)).toBe('periodOver')
    expect(show(box, id)).toMatchObject({ status: 5, adopted: 1 })
  })
})

describe('reviews', () => {
  test('are of any registered delegate and of exactly this archive; the last one counts [PROPOSAL-REVIEW-1]', () => {
    const box = start(4)
    const { id } = submit(box)
    expect(review(box, stranger, id)).toBe('notDelegate')
    expect(review(box, author, id)).toBe('notDelegate')
    expect(review(box, producer(0), id, { archiveHash: OTHER })).toBe('archiveMismatch')
    for (const verdict of [0, 4]) expect(review(box, producer(0), id, { verdict })).toBe('reviewForm')
    expect(review(box, producer(0), id, { checklist: 256 })).toBe('reviewForm')
    expect(review(box, producer(0), OTHER)).toBe('unknownProposal')
    expect(review(box, producer(1), id, { verdict: 2 })).toBe('ok')
    expect(review(box, producer(0), id)).toBe('ok')
    expect(review(box, producer(1), id, { verdict: 3, reviewHash: OTHER, checklist: 5 })).toBe('ok')
    expect(box.view('proposal', 'reviews', { proposalId: id })).toMatchObject([
      { reviewer: producer(1), verdict: 3, reviewHash: OTHER, checklist: 5 },
      { reviewer: producer(0), verdict: 1 },
    ])
    act(box, author, 'withdraw', { proposalId: id })
    expect(review(box, producer(2), id)).toBe('closed')
  })

  test('are of 256 delegates at most, who may still change theirs [PROPOSAL-REVIEW-1]', () => {
    const box = start(258)
    const { id } = submit(box)
    const call = (from: Address) => ({
      from,
      contract: 'proposal',
      method: 'review',
      args: { proposalId: id, archiveHash: ARCHIVE, verdict: 1, reviewHash: ZERO_HASH, checklist: 0 },
    })
    const { receipts } = box.block(everyone(256).map(call))
    expect(receipts.every(({ status }) => status === 'success')).toBe(true)
    expect(review(box, producer(256), id)).toBe('reviewsFull')
    expect(review(box, producer(255), id, { verdict: 2 })).toBe('ok')
  })
})

describe('the end', () => {
  test('withdrawn by the author alone, expired by anybody after the period; the deposit goes back [PROPOSAL-CLOSE-1]', () => {
    const box = start(4)
    const before = elf(box, author)
    const first = submit(box).id
    const other = submit(box).id
    expect(act(box, second, 'withdraw', { proposalId: first }).result).toBe('notAuthor')
    expect(act(box, author, 'withdraw', { proposalId: OTHER }).result).toBe('unknownProposal')
    expect(act(box, author, 'withdraw', { proposalId: first }).result).toBe('ok')
    expect(act(box, author, 'withdraw', { proposalId: first }).result).toBe('closed')
    expect(show(box, first)).toMatchObject({ status: 4 })
    expect(locked(box, author)).toBe(DEPOSIT)
    expect(act(box, stranger, 'expire', { proposalId: first }).result).toBe('closed')
    expect(act(box, stranger, 'expire', { proposalId: OTHER }).result).toBe('unknownProposal')
    const { endsAt } = show(box, other)
    box.advance(endsAt - box.timeMs() - 8_000n)
    expect(act(box, stranger, 'expire', { proposalId: other }).result).toBe('periodRunning')
    expect(act(box, author, 'withdraw', { proposalId: other }).result).toBe('periodOver')
    expect(act(box, stranger, 'expire', { proposalId: other }).result).toBe('ok')
    expect(show(box, other)).toMatchObject({ status: 5 })
    expect(locked(box, author)).toBe(0n)
    expect(before - elf(box, author)).toBeLessThan(ELF)
    expect(act(box, stranger, 'expire', { proposalId: other }).result).toBe('closed')
  })

  test('every change of a proposal leaves an event [CON-PROPOSAL-1] [CON-PROPOSAL-2] [CON-ID-1]', () => {
    const box = start(2)
    const { id } = submit(box)
    const read = { proposalId: id, textHash: TEXT, archiveHash: ARCHIVE }
    expect(events(box, producer(0), 'decline', read)).toEqual([4, -5, -1, 6])
    const next = submit(box).id
    expect(events(box, producer(0), 'adopt', { ...read, proposalId: next })).toEqual([3])
    expect(events(box, producer(1), 'adopt', { ...read, proposalId: next })).toEqual([3, -5, 5])
    const third = submit(box).id
    const args = { proposalId: third, archiveHash: ARCHIVE, verdict: 1, reviewHash: ZERO_HASH, checklist: 0 }
    expect(events(box, producer(0), 'review', args)).toEqual([2])
    expect(events(box, author, 'withdraw', { proposalId: third })).toEqual([-5, 7])
    const fourth = submit(box).id
    box.advance(FORTNIGHT)
    expect(events(box, stranger, 'expire', { proposalId: fourth })).toEqual([-5, 8])
    expect(events(box, author, 'submit', GOOD)).toEqual([-4, 1])
  })
})
