import { describe, expect, test } from 'vitest'
import {
  decodeProducers,
  EMPTY_LIST_ROOT,
  encodeHeader,
  encodeProducers,
  type Header,
  signHeader,
  statePath,
  systemAddress,
} from '#kernel'
import {
  type Address,
  type Bytes,
  bytesToHex,
  hexToBytes,
  privateKeyToAddress,
  taggedHashBytes,
  writer,
  ZERO_HASH,
} from '#primitives'
import {
  createSandbox,
  SANDBOX_CHAIN_ID,
  SANDBOX_GENESIS_HASH,
  SANDBOX_SLOT_MS,
  type Sandbox,
  sandboxAccount,
  sandboxCommitment,
} from '../../testing/sandbox/index.ts'
import { election, weightOf } from './index.ts'

const ELF = 100_000_000n
const DEPOSIT = 100_000n * ELF
const DAY = 86_400_000n
const WEEK = 7n * DAY
const YEAR = 365n * DAY

const voter = sandboxAccount(100)
const other = sandboxAccount(101)
const delegates = Array.from({ length: 4 }, (_, n) => sandboxAccount(n))
const [d0, d1, d2, d3] = delegates as [Address, Address, Address, Address]
const initial = Array.from({ length: 17 }, (_, n) => ({
  address: sandboxAccount(50 + n),
  commitment: sandboxCommitment(50 + n),
}))
const candidateOf = (address: Address, n: number) => ({
  address,
  name: `Delegate ${n}`,
  url: 'https://delegate.example',
  commitment: sandboxCommitment(n),
  commissionBps: 1_000,
})

const start = (registered: readonly Address[] = [d0, d1, d2], params: Record<string, bigint> = {}): Sandbox =>
  createSandbox({
    balances: [...[...delegates, voter, other].map((account) => ({ account, amount: 3n * DEPOSIT }))],
    producers: initial,
    candidates: registered.map(candidateOf),
    params,
  })

type Args = Record<string, string | number | bigint | boolean>
const call = (box: Sandbox, from: Address, method: string, args: Args = {}) =>
  box.send({ from, contract: 'election', method, args })

/** Sends a call and names its outcome; the state must be sound after every one. */
const outcome = (box: Sandbox, from: Address, method: string, args: Args = {}): string => {
  const { error } = call(box, from, method, args)
  expect(box.violations()).toEqual([])
  if (error === undefined) return 'ok'
  return error.contract === 2
    ? (election.errors.find(({ number }) => number === error.error)?.name ?? 'unknown')
    : `contract ${error.contract}: ${error.error}`
}

const profile = { name: 'New', url: 'https://new.example', commissionBps: 500 }
const registration = { ...profile, commitment: sandboxCommitment(77) }
const castVote = (box: Sandbox, { from = voter, delegate = d0, amount = 100n * ELF, lockDays = 90 } = {}): string =>
  call(box, from, 'vote', { delegate, amount, lockDays }).transactionId

interface Ranked {
  rank: number
  delegate: Address
  weight: bigint
  part: string
}
const ranking = (box: Sandbox) => box.view('election', 'ranking') as unknown as Ranked[]
const weight = (box: Sandbox, delegate: Address) => ranking(box).find((entry) => entry.delegate === delegate)?.weight
interface Term {
  term: number
  endsAt: bigint
  startedAt: bigint
  seats: number
  producers: { address: Address; commitment: string }[]
}
const term = (box: Sandbox) => box.view('election', 'currentTerm') as unknown as Term
/** Moves to the first block of the next term and returns its output. */
const nextTerm = (box: Sandbox) => {
  const left = term(box).endsAt - box.timeMs() - 4_000n
  box.advance(left > 0n ? left : 0n)
  return box.block([])
}

describe('weight [ELECTION-WEIGHT-1]', () => {
  test('is linear from 1 at 90 days to 4 at 1,080 days, rounded down', () => {
    expect(weightOf(990n, 90)).toBe(990n)
    expect(weightOf(990n, 91)).toBe(993n)
    expect(weightOf(990n, 585)).toBe(2475n)
    expect(weightOf(990n, 1080)).toBe(3960n)
    expect(weightOf(1n, 419)).toBe(1n)
    expect(weightOf(1n, 420)).toBe(2n)
    expect(weightOf(100n * ELF, 365)).toBe(18_333_333_333n)
  })
})

describe('candidates', () => {
  test('register locks the deposit [ELECTION-CANDIDATE-1]', () => {
    const box = start([])
    const receipt = call(box, d0, 'register', registration)
    expect(receipt.status).toBe('success')
    expect(box.view('token', 'lockedOf', { account: d0, symbol: 'ELF' })).toBe(DEPOSIT)
    expect(box.view('election', 'candidate', { delegate: d0 })).toMatchObject({
      ...registration,
      weight: 0n,
      registered: true,
      isProducer: false,
    })
    expect(receipt.events.map(({ contract, number }) => [contract.slice(-1), number])).toEqual([
      ['1', 4],
      ['2', 1],
    ])
    expect(outcome(box, d0, 'register', registration)).toBe('alreadyCandidate')
  })

  test.each([
    ['nameForm', { name: ' ' }],
    ['nameForm', { name: 'x'.repeat(65) }],
    ['urlForm', { url: 'http://new.example' }],
    ['urlForm', { url: 'javascript:alert(1)' }],
    ['urlForm', { url: `https://${'x'.repeat(260)}` }],
    ['commissionRange', { commissionBps: 10_001 }],
    ['commitmentForm', { commitment: ZERO_HASH }],
  ])('error: register %s', (name, change) =>
    expect(outcome(start([]), d0, 'register', { ...registration, ...change })).toBe(name),
  )

  test('error: depositMissing, counted after the fee', () => {
    const box = createSandbox({ balances: [{ account: d0, amount: DEPOSIT }], producers: initial })
    expect(outcome(box, d0, 'register', registration)).toBe('depositMissing')
  })

  test('error: candidatesFull at 1,024', () => {
    const many = Array.from({ length: 1024 }, (_, n) => sandboxAccount(1000 + n))
    const box = createSandbox({
      balances: [...many, d0].map((account) => ({ account, amount: 2n * DEPOSIT })),
      producers: initial,
      candidates: many.map(candidateOf),
    })
    expect(call(box, d0, 'register', registration).error).toEqual({ contract: 2, error: 3 })
  })

  test('profile and commitment change [ELECTION-CANDIDATE-2]', () => {
    const box = start()
    expect(outcome(box, d0, 'updateProfile', { ...profile, url: '' })).toBe('ok')
    expect(outcome(box, d0, 'renewCommitment', { commitment: sandboxCommitment(99) })).toBe('ok')
    expect(box.view('election', 'candidate', { delegate: d0 })).toMatchObject({
      name: 'New',
      url: '',
      commissionBps: 500,
      commitment: sandboxCommitment(99),
    })
    expect(outcome(box, d0, 'renewCommitment', { commitment: ZERO_HASH })).toBe('commitmentForm')
    expect(outcome(box, d0, 'updateProfile', { ...profile, name: '' })).toBe('nameForm')
    expect(outcome(box, voter, 'updateProfile', profile)).toBe('notCandidate')
    expect(outcome(box, voter, 'renewCommitment', { commitment: sandboxCommitment(99) })).toBe('notCandidate')
  })

  test('quit leaves the list, and the deposit stays for the term [ELECTION-QUIT-1] [ELECTION-QUIT-2]', () => {
    const box = start()
    expect(outcome(box, d0, 'reclaimDeposit')).toBe('depositHeld')
    expect(outcome(box, d0, 'quit')).toBe('ok')
    expect(ranking(box).map(({ delegate }) => delegate)).toEqual([d1, d2])
    expect(outcome(box, d0, 'quit')).toBe('notCandidate')
    expect(outcome(box, d0, 'updateProfile', profile)).toBe('notCandidate')
    expect(outcome(box, d0, 'register', registration)).toBe('alreadyCandidate')
    expect(outcome(box, voter, 'vote', { delegate: d0, amount: ELF, lockDays: 90 })).toBe('notCandidate')
    expect(outcome(box, d0, 'reclaimDeposit')).toBe('depositHeld')
    nextTerm(box)
    expect(outcome(box, d0, 'reclaimDeposit')).toBe('ok')
    expect(box.view('token', 'lockedOf', { account: d0, symbol: 'ELF' })).toBe(0n)
    expect(outcome(box, d0, 'reclaimDeposit')).toBe('notCandidate')
    expect(outcome(box, d0, 'register', registration)).toBe('ok')
  })

  test('error: a producer cannot quit', () => {
    const box = start()
    nextTerm(box)
    expect(term(box).producers.some(({ address }) => address === d0)).toBe(true)
    expect(outcome(box, d0, 'quit')).toBe('currentProducer')
  })
})

describe('votes [ELECTION-VOTE-1]', () => {
  test('lock the amount and add the weight', () => {
    const box = start()
    const lockId = castVote(box, { amount: 990n * ELF, lockDays: 1080 })
    expect(weight(box, d0)).toBe(3960n * ELF)
    expect(box.view('token', 'lockedOf', { account: voter, symbol: 'ELF' })).toBe(990n * ELF)
    expect(box.view('election', 'positionsOf', { account: voter })).toEqual([
      expect.objectContaining({
        lockId,
        delegate: d0,
        amount: 990n * ELF,
        lockDays: 1080,
        weight: 3960n * ELF,
        counts: true,
        withdrawable: false,
        endsAt: box.timeMs() + 1080n * DAY,
      }),
    ])
  })

  test.each([
    ['voteTooSmall', { amount: ELF - 1n }],
    ['lockDaysRange', { lockDays: 89 }],
    ['lockDaysRange', { lockDays: 1081 }],
    ['notCandidate', { delegate: d3 }],
    ['insufficientBalance', { amount: 3n * DEPOSIT }],
  ])('error: %s', (name, change) =>
    expect(outcome(start(), voter, 'vote', { delegate: d0, amount: ELF, lockDays: 90, ...change })).toBe(name),
  )

  test('error: positionsFull at 256', () => {
    const box = start()
    const vote = {
      from: voter,
      contract: 'election',
      method: 'vote',
      args: { delegate: d0, amount: ELF, lockDays: 90 },
    }
    box.block(Array.from({ length: 256 }, () => vote))
    expect(outcome(box, voter, 'vote', vote.args)).toBe('positionsFull')
    expect((box.view('election', 'positionsOf', { account: voter }) as unknown[]).length).toBe(256)
  })

  test('changeVote keeps time and weight [ELECTION-CHANGE-1]', () => {
    const box = start()
    const lockId = castVote(box, { lockDays: 400 })
    const before = weight(box, d0)
    box.advance(100n * DAY)
    expect(outcome(box, voter, 'changeVote', { lockId, delegate: d1 })).toBe('ok')
    expect([weight(box, d0), weight(box, d1)]).toEqual([0n, before])
    expect(outcome(box, voter, 'changeVote', { lockId, delegate: d1 })).toBe('sameDelegate')
    expect(outcome(box, voter, 'changeVote', { lockId, delegate: d3 })).toBe('notCandidate')
    expect(outcome(box, other, 'changeVote', { lockId, delegate: d2 })).toBe('notOwner')
    expect(outcome(box, voter, 'changeVote', { lockId: ZERO_HASH, delegate: d2 })).toBe('unknownPosition')
    box.advance(300n * DAY)
    expect(outcome(box, voter, 'changeVote', { lockId, delegate: d2 })).toBe('positionEnded')
  })

  test('extend needs a later end and no lower weight [ELECTION-EXTEND-1]', () => {
    const box = start()
    const lockId = castVote(box, { amount: 990n * ELF, lockDays: 400 })
    expect(outcome(box, voter, 'extend', { lockId, lockDays: 399 })).toBe('endNotLater')
    expect(outcome(box, voter, 'extend', { lockId, lockDays: 400 })).toBe('ok')
    box.advance(300n * DAY)
    expect(outcome(box, voter, 'extend', { lockId, lockDays: 399 })).toBe('weightWouldShrink')
    expect(outcome(box, voter, 'extend', { lockId, lockDays: 89 })).toBe('lockDaysRange')
    expect(outcome(box, voter, 'extend', { lockId, lockDays: 1081 })).toBe('lockDaysRange')
    expect(outcome(box, other, 'extend', { lockId, lockDays: 500 })).toBe('notOwner')
    expect(outcome(box, voter, 'extend', { lockId: ZERO_HASH, lockDays: 500 })).toBe('unknownPosition')
    expect(outcome(box, voter, 'extend', { lockId, lockDays: 1080 })).toBe('ok')
    expect(weight(box, d0)).toBe(3960n * ELF)
    box.advance(900n * DAY)
    expect(outcome(box, voter, 'withdraw', { lockId })).toBe('stillLocked')
  })

  test('error: extend for a delegate that quit', () => {
    const box = start()
    const lockId = castVote(box)
    call(box, d0, 'quit')
    expect(outcome(box, voter, 'extend', { lockId, lockDays: 500 })).toBe('notCandidate')
    expect(outcome(box, voter, 'changeVote', { lockId, delegate: d1 })).toBe('ok')
    expect(weight(box, d1)).toBe(100n * ELF)
  })

  test('an ended vote can be locked anew, before and after it was swept', () => {
    const box = start()
    const early = castVote(box)
    const late = castVote(box)
    box.advance(90n * DAY)
    expect(outcome(box, voter, 'extend', { lockId: early, lockDays: 90 })).toBe('ok')
    expect(weight(box, d0)).toBe(100n * ELF)
    nextTerm(box)
    expect(box.violations()).toEqual([])
    expect(outcome(box, voter, 'extend', { lockId: late, lockDays: 1080 })).toBe('ok')
    expect(weight(box, d0)).toBe(500n * ELF)
  })

  test('withdraw only at the end, and once [ELECTION-WITHDRAW-1]', () => {
    const box = start()
    const lockId = castVote(box)
    const { endsAt } = box.view('election', 'position', { lockId }) as unknown as { endsAt: bigint }
    box.advance(endsAt - box.timeMs() - 8_000n)
    expect(outcome(box, voter, 'withdraw', { lockId })).toBe('stillLocked')
    expect(box.timeMs()).toBe(endsAt - 4_000n)
    expect(outcome(box, voter, 'withdraw', { lockId })).toBe('ok')
    expect(box.timeMs()).toBe(endsAt)
    expect(outcome(box, voter, 'withdraw', { lockId })).toBe('unknownPosition')
    expect(box.view('token', 'lockedOf', { account: voter, symbol: 'ELF' })).toBe(0n)
    expect(box.view('election', 'positionsOf', { account: voter })).toEqual([])
    const again = castVote(box)
    expect(outcome(box, other, 'withdraw', { lockId: again })).toBe('notOwner')
    expect(box.view('election', 'position', { lockId })).toBeNull()
  })

  test('withdraw after the sweep takes no weight twice', () => {
    const box = start()
    const lockId = castVote(box)
    castVote(box, { from: other, lockDays: 1080 })
    box.advance(90n * DAY)
    nextTerm(box)
    expect(weight(box, d0)).toBe(400n * ELF)
    expect(outcome(box, voter, 'withdraw', { lockId })).toBe('ok')
    expect(weight(box, d0)).toBe(400n * ELF)
  })
})

describe('elections', () => {
  test('happen once a term; votes count from the next snapshot [ELECTION-TERM-1] [EXEC-END-1] [EXEC-SUMMARY-1]', () => {
    const box = start()
    castVote(box, { delegate: d2 })
    expect(term(box)).toMatchObject({ term: 1, seats: 17 })
    expect(term(box).producers.map(({ address }) => address)).toEqual(initial.map(({ address }) => address))
    const output = nextTerm(box)
    expect(box.timeMs()).toBe(1_700_000_000_000n + WEEK)
    expect(output.summary.termResult?.slice(0, 3).map(({ address }) => address)).toEqual([d2, d0, d1])
    expect(output.summary.termResult).toEqual(term(box).producers)
    const event = output.blockEvents.find(({ contract, number }) => contract.endsWith('0002') && number === 11)
    const packed = event?.data.subarray(8) ?? new Uint8Array()
    expect(decodeProducers(packed)).toEqual(output.summary.termResult)
    expect(term(box)).toMatchObject({ term: 2, endsAt: 1_700_000_000_000n + 2n * WEEK })
    expect(box.block([]).summary).toEqual({ evicted: [] })
  })

  test('rank by weight, then by registration; 2N+1 produce, the rest are backups [ELECTION-RANK-1]', () => {
    const box = start([d0, d1, d2], { 'election.firstN': 0n })
    castVote(box, { delegate: d1, lockDays: 1080, amount: 2n * ELF })
    expect(ranking(box).map(({ rank, delegate, part }) => [rank, delegate, part])).toEqual([
      [1, d1, 'producer'],
      [2, d0, 'backup'],
      [3, d2, 'backup'],
    ])
    expect(nextTerm(box).summary.termResult).toEqual([{ address: d1, commitment: sandboxCommitment(1) }])
    castVote(box, { delegate: d2, lockDays: 90, amount: 9n * ELF })
    expect(nextTerm(box).summary.termResult?.map(({ address }) => address)).toEqual([d2])
  })

  test('with few candidates current, then initial producers fill the seats [ELECTION-RANK-2]', () => {
    const box = start()
    const first = nextTerm(box).summary.termResult?.map(({ address }) => address)
    expect(first).toEqual([d0, d1, d2, ...initial.slice(0, 14).map(({ address }) => address)])
    expect(new Set(first).size).toBe(17)
  })

  test('N grows by one a year [ELECTION-RANK-3]', () => {
    const box = start()
    box.advance(YEAR - 8_000n)
    box.block([])
    expect(term(box).seats).toBe(17)
    box.block([])
    expect(term(box).seats).toBe(19)
    box.advance(YEAR)
    expect(nextTerm(box).summary.termResult?.length).toBe(20)
    expect(term(box).seats).toBe(21)
  })

  test('ended votes do not count, from the first moment of the day they end [ELECTION-TERM-2]', () => {
    const box = start([d0, d1], { 'election.firstN': 0n })
    castVote(box, { delegate: d1, lockDays: 90 })
    castVote(box, { delegate: d0, lockDays: 200, amount: 10n * ELF })
    for (let week = 0; week < 12; week++) expect(nextTerm(box).summary.termResult?.[0]?.address).toBe(d1)
    expect(nextTerm(box).summary.termResult?.[0]?.address).toBe(d0)
    expect(weight(box, d1)).toBe(0n)
    expect(box.violations()).toEqual([])
  })

  test('a halt over many terms ends one term and sweeps all of it', () => {
    const box = start()
    castVote(box, { delegate: d1, lockDays: 90 })
    box.advance(10n * WEEK * 10n)
    const { termResult } = box.block([]).summary
    expect(termResult?.[0]?.address).toBe(d0)
    expect(term(box).term).toBe(2)
    expect(term(box).endsAt).toBe(1_700_000_000_000n + 101n * WEEK)
    expect(box.violations()).toEqual([])
  })

  test('a delegate that comes back long after gets its ended votes swept', () => {
    const box = start()
    castVote(box, { delegate: d0, lockDays: 90 })
    castVote(box, { delegate: d0, lockDays: 1080 })
    call(box, d0, 'quit')
    nextTerm(box)
    call(box, d0, 'reclaimDeposit')
    box.advance(2_000n * DAY)
    expect(outcome(box, d0, 'register', registration)).toBe('ok')
    expect(weight(box, d0)).toBe(0n)
    castVote(box, { delegate: d0, lockDays: 90 })
    expect(weight(box, d0)).toBe(100n * ELF)
    box.advance(200n * DAY)
    box.block([])
    expect(weight(box, d0)).toBe(0n)
    expect(box.violations()).toEqual([])
  })
})

test('stored bytes [CON-PACK-1] [CON-ID-1] [CON-TIME-1]', () => {
  const box = start([d0, d1])
  const amount = 100n * ELF
  const votedAt = box.timeMs() + SANDBOX_SLOT_MS
  const id = hexToBytes(castVote(box, { amount }) as `0x${string}`)
  const bytesOf = (address: Address): Bytes => hexToBytes(address)
  const stored = (contract: number, item: number, key: Bytes): Bytes | undefined =>
    box.state().get(statePath(systemAddress(contract), item, key))
  const endsAt = votedAt + 90n * DAY
  const position = writer().fixed(bytesOf(voter)).fixed(bytesOf(d0)).u256(amount).u32(90).u256(amount)
  expect(stored(2, 6, id)).toEqual(position.u64(votedAt).u64(endsAt).finish())
  expect(stored(2, 7, bytesOf(voter))).toEqual(writer().bytes(id).finish())
  expect(stored(2, 2, new Uint8Array())).toEqual(writer().u32(40).fixed(bytesOf(d0)).fixed(bytesOf(d1)).finish())
  const day = writer()
    .fixed(bytesOf(d0))
    .u32(Number(endsAt / DAY))
    .finish()
  expect(stored(2, 4, day)).toEqual(writer().u256(amount).finish())
  expect(stored(2, 10, new Uint8Array())).toEqual(writer().bytes(encodeProducers(initial)).finish())
  const lock = writer()
    .fixed(bytesOf(voter))
    .string('ELF')
    .u256(amount)
    .u64(endsAt)
    .fixed(bytesOf(systemAddress(2)))
  expect(stored(1, 6, id)).toEqual(lock.finish())
  expect(stored(1, 6, taggedHashBytes('aelf/deposit/1', bytesOf(d0)))).toBeDefined()
})

describe('double mining [ELECTION-EVICT-1, HDR-NET-1]', () => {
  const key = new Uint8Array(32).fill(7)
  const culprit = privateKeyToAddress(key)
  const header = (change: Partial<Header> = {}): Header => ({
    version: 1,
    chainId: SANDBOX_CHAIN_ID,
    height: 5n,
    parentHash: ZERO_HASH,
    slot: 9n,
    producer: culprit,
    transactionRoot: EMPTY_LIST_ROOT,
    receiptRoot: EMPTY_LIST_ROOT,
    stateRoot: ZERO_HASH,
    indexRoot: EMPTY_LIST_ROOT,
    signal: ZERO_HASH,
    consensus: new Uint8Array(),
    extension: hexToBytes(SANDBOX_GENESIS_HASH),
    ...change,
  })
  const signed = (change: Partial<Header> = {}, by = key) => bytesToHex(encodeHeader(signHeader(header(change), by)))
  const withCulprit = () =>
    createSandbox({
      balances: [culprit, voter].map((account) => ({ account, amount: 2n * DEPOSIT })),
      producers: initial,
      candidates: [candidateOf(culprit, 1)],
    })
  const elsewhere = { extension: new Uint8Array(32).fill(9) }
  const pair = { headerA: signed(), headerB: signed({ height: 6n }) }

  test('evicts, burns half of the deposit and rewards the finder with the other half', () => {
    const box = withCulprit()
    const before = box.view('token', 'balanceOf', { account: voter, symbol: 'ELF' }) as bigint
    const { receipts, summary } = box.block([
      { from: voter, contract: 'election', method: 'reportDoubleMining', args: pair },
    ])
    const fee = receipts[0]?.fee ?? 0n
    expect(receipts[0]?.status).toBe('success')
    expect(summary.evicted).toEqual([culprit])
    expect(box.view('token', 'balanceOf', { account: voter, symbol: 'ELF' })).toBe(before - fee + DEPOSIT / 2n)
    expect(box.view('token', 'tokenInfo', { symbol: 'ELF' })).toMatchObject({ burned: DEPOSIT / 2n })
    expect(box.view('token', 'lockedOf', { account: culprit, symbol: 'ELF' })).toBe(0n)
    expect(ranking(box)).toEqual([])
    expect(box.view('election', 'eviction', { delegate: culprit })).toEqual({
      delegate: culprit,
      height: 1n,
      finder: voter,
    })
    expect(box.violations()).toEqual([])
    expect(outcome(box, voter, 'reportDoubleMining', pair)).toBe('evictedDelegate')
    expect(outcome(box, culprit, 'register', registration)).toBe('evictedDelegate')
  })

  test('of an initial producer without deposit it keeps the delegate out of later terms', () => {
    const box = createSandbox({
      balances: [{ account: voter, amount: DEPOSIT }],
      producers: [{ address: culprit, commitment: sandboxCommitment(1) }, ...initial],
    })
    expect(outcome(box, voter, 'reportDoubleMining', pair)).toBe('ok')
    expect(nextTerm(box).summary.termResult?.map(({ address }) => address)).toEqual(
      initial.map(({ address }) => address),
    )
  })

  test.each([
    ['malformedHeader', { headerA: '0x00' }],
    ['malformedHeader', { headerB: `${pair.headerB}00` }],
    ['noConflict', { headerB: pair.headerA }],
    ['noConflict', { headerB: signed({ height: 6n, slot: 10n }) }],
    ['noConflict', { headerB: signed({ height: 6n, producer: voter }) }],
    ['foreignHeader', { headerA: signed({ chainId: 8 }), headerB: signed({ chainId: 8, height: 6n }) }],
    // the same two headers, made for another network with this key
    ['foreignHeader', { headerA: signed(elsewhere), headerB: signed({ ...elsewhere, height: 6n }) }],
    ['foreignHeader', { headerB: signed({ ...elsewhere, height: 6n }) }],
    ['foreignHeader', { headerB: signed({ extension: new Uint8Array(), height: 6n }) }],
    ['badSignature', { headerB: signed({ height: 6n }, new Uint8Array(32).fill(8)) }],
  ])('error: %s', (name, change) =>
    expect(outcome(withCulprit(), voter, 'reportDoubleMining', { ...pair, ...change })).toBe(name),
  )

  test('error: notCandidate for an account that is no delegate', () => {
    const box = createSandbox({ balances: [{ account: voter, amount: DEPOSIT }], producers: initial })
    expect(outcome(box, voter, 'reportDoubleMining', pair)).toBe('notCandidate')
    expect(hexToBytes(pair.headerA).length).toBeGreaterThan(200)
  })
})
