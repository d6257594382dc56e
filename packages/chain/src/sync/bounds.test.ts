import { expect, test } from 'vitest'
import {
  EMPTY_LIST_ROOT,
  encodeBody,
  type SignedTransaction,
  sealHeader,
  systemAddress,
  transactionRootOf,
} from '#kernel'
import { type Bytes, type Clock, ZERO_ADDRESS, ZERO_HASH } from '#primitives'
import { Givers } from './givers.ts'
import { HeaderChain } from './headerChain.ts'
import { BODIES_PER_QUESTION, MAX_AHEAD, MAX_HELD_BYTES, MAX_PARALLEL, MAX_TRACKED_PEERS } from './limits.ts'
import { Opinion } from './opinion.ts'
import { Roster } from './roster.ts'
import type { SyncQuestion } from './types.ts'

const quiet = (): void => undefined
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

function manualClock(): Clock & { pass(ms: number): void } {
  let now = 0
  let tasks: { at: number; run: () => void }[] = []
  return {
    now: () => now,
    after(ms, run) {
      const task = { at: now + ms, run }
      tasks.push(task)
      return () => {
        tasks = tasks.filter((other) => other !== task)
      }
    },
    pass(ms) {
      now += ms
      const due = tasks.filter(({ at }) => at <= now)
      tasks = tasks.filter(({ at }) => at > now)
      for (const { run } of due) run()
    },
  }
}

const heavy: SignedTransaction = {
  version: 1,
  walletChainId: 1n,
  from: ZERO_ADDRESS,
  contract: systemAddress(1),
  method: 1,
  args: new Uint8Array(120_000),
  refHeight: 0n,
  refHash: '0x0000000000000000',
  feeLimit: 0n,
  nonce: '0x0000000000000000',
  authorization: { kind: 0, signature: `0x${'00'.repeat(65)}` },
}
const transactions = new Array<SignedTransaction>(30).fill(heavy)
const body = encodeBody(transactions)
const transactionRoot = transactionRootOf(transactions)

function headerAt(height: bigint, parentHash: `0x${string}`): ReturnType<typeof sealHeader> {
  const fields = {
    version: 1,
    chainId: 1,
    height,
    parentHash: parentHash as typeof ZERO_HASH,
    slot: height,
    producer: ZERO_ADDRESS,
    transactionRoot,
    receiptRoot: EMPTY_LIST_ROOT,
    stateRoot: ZERO_HASH,
    indexRoot: EMPTY_LIST_ROOT,
    signal: ZERO_HASH,
    consensus: new Uint8Array(0),
    extension: new Uint8Array(0),
  } as const
  return sealHeader(fields, `0x${'00'.repeat(65)}`)
}

/** A chain in which every header is good and everything is proven. */
function chainOf(length: number): HeaderChain<null> {
  const engine = {
    validate: () => undefined,
    apply: () => null,
    finalise: () => ({ prevoted: 0n, finalized: 10_000n }),
  }
  const base = { header: headerAt(0n, ZERO_HASH), state: null }
  const chain = new HeaderChain('guide', base, { engine, checkHeader: quiet })
  for (let height = 1n; height <= BigInt(length); height += 1n) {
    chain.extend({ header: headerAt(height, chain.tip().header.hash) }, 10_000n)
  }
  return chain
}

test('[SYNC-BOUND-1] behavior: bodies that wait and answers under way are bounded, and the next body is always asked for', () => {
  const clock = manualClock()
  const roster = new Roster(clock)
  const asked: { peer: string; question: Extract<SyncQuestion, { kind: 'getBodies' }> }[] = []
  const ask = (peer: string, question: SyncQuestion): void => {
    if (question.kind === 'getBodies') asked.push({ peer, question })
  }
  const opinion = new Opinion(roster, { logger, judge: quiet })
  const givers = new Givers({ ports: { clock, ask }, roster, opinion, work: quiet, kept: quiet })
  for (let index = 0; index < 20; index += 1) roster.heard(`peer ${index}`, 10_000n)
  const chain = chainOf(400)
  const next = chain.headers()[0]?.hash
  givers.ask(chain)
  expect(asked).toHaveLength(MAX_PARALLEL)
  for (const { question } of asked) expect(question.hashes.length).toBeLessThanOrEqual(BODIES_PER_QUESTION)
  expect(asked[0]?.question.hashes[0]).toBe(next)
  // Everybody answers at once but the peer that has the next body, which says nothing.
  for (let at = 1, rounds = 0; at < asked.length && rounds < 200; at += 1, rounds += 1) {
    const one = asked[at]
    if (one === undefined || one.question.hashes[0] === next) continue
    givers.take(one.peer, { request: one.question.request, bodies: [body] as Bytes[] }, chain)
    givers.ask(chain)
  }
  expect(givers.heldBytes()).toBeGreaterThan(MAX_HELD_BYTES / 2)
  expect(givers.heldBytes()).toBeLessThanOrEqual(MAX_HELD_BYTES + MAX_PARALLEL * body.length)
  // The next body is late: a second peer is asked, though there is no room for others.
  const before = asked.length
  clock.pass(2500)
  givers.ask(chain)
  expect(asked.slice(before).map(({ question }) => question.hashes[0])).toEqual([next])
})

test('behavior: each body is told of when it is here, before the next is read', () => {
  const clock = manualClock()
  const roster = new Roster(clock)
  const judged: string[] = []
  const opinion = new Opinion(roster, { logger, judge: (_peer, conduct) => judged.push(conduct) })
  const chain = chainOf(3)
  let request = 0
  const ask = (_peer: string, question: SyncQuestion): void => {
    request = question.request
  }
  const kept: number[] = []
  const givers: Givers = new Givers({
    ports: { clock, ask },
    roster,
    opinion,
    work: quiet,
    kept: () => kept.push(chain.headers().filter((header) => givers.get(header) !== undefined).length),
  })
  roster.heard('peer', 10_000n)
  givers.ask(chain)
  givers.take('peer', { request, bodies: [body, body, Uint8Array.of(1)] }, chain)
  expect(kept).toEqual([1, 2])
  expect(judged).toEqual(['invalid'])
})

test('[SYNC-BOUND-1] behavior: headers ahead and peers remembered are bounded', () => {
  expect(chainOf(MAX_AHEAD - 512).isFull(512)).toBe(false)
  expect(chainOf(MAX_AHEAD - 511).isFull(512)).toBe(true)
  const roster = new Roster(manualClock())
  for (let index = 0; index < MAX_TRACKED_PEERS + 50; index += 1) roster.heard(`peer ${index}`, 5n)
  expect(roster.free(0n)).toHaveLength(MAX_TRACKED_PEERS)
})

test('[SYNC-CLAIM-1] behavior: a peer that fails is asked again only after it claimed again and rested, longer each time', () => {
  const clock = manualClock()
  const roster = new Roster(clock)
  roster.heard('peer', 100n)
  expect(roster.willing(50n)).toEqual(['peer'])
  roster.failed('peer')
  clock.pass(5001)
  expect(roster.willing(50n)).toEqual([])
  roster.heard('peer', 100n)
  expect(roster.willing(50n)).toEqual(['peer'])
  roster.failed('peer')
  roster.heard('peer', 100n)
  clock.pass(5001)
  expect(roster.willing(50n)).toEqual([])
  expect(roster.nextRest(50n)).toBe(4999)
  clock.pass(4999)
  expect(roster.willing(50n)).toEqual(['peer'])
})
