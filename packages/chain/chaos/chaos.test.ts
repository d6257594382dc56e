import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { asHash } from '#primitives'
import { Ledger } from './ledger.ts'
import { Patience } from './patience.ts'
import { playRounds } from './rounds.ts'

const seed = process.env['AELF_SEED'] ?? String(Date.now())

test(`behavior: processes that are killed, frozen and cut off keep their promises (seed ${seed})`, {
  timeout: 300_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aelf-chaos-'))
  try {
    const script = ['kill one', 'freeze', 'cut off a minority']
    const report = await playRounds({
      folder,
      seed,
      script,
      rounds: script.length,
      producers: 4,
      observers: 0,
      slotMs: 500,
      senders: 2,
      log: (line) => console.info(line),
    })
    expect(report.breaches).toEqual([])
    expect(report.rounds).toBe(script.length)
    expect(report.acknowledged).toBeGreaterThan(0)
    expect(report.included).toBeGreaterThan(0)
    expect(report.signatures).toBeGreaterThan(0)
    expect(report.recorded).toBeGreaterThan(0)
    expect(report.excused).toBe(0)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

const hash = (digit: string): ReturnType<typeof asHash> => asHash(`0x${digit.repeat(64)}`)

test('behavior: the ledger sees a second signature, a change of the past and two pasts', () => {
  const ledger = new Ledger()
  const header = { node: 'a', producer: '0x1', slot: '7', height: '5', hash: hash('1') }
  ledger.saw(header)
  ledger.saw({ ...header, node: 'b' })
  ledger.sawFinalized('a', '5', hash('1'))
  ledger.sawFinalized('b', '5', hash('1'))
  expect(ledger.breaches).toEqual([])
  ledger.saw({ ...header, hash: hash('2') })
  ledger.sawFinalized('a', '5', hash('2'))
  ledger.sawFinalized('b', '5', hash('2'))
  expect(ledger.breaches.map(({ rule }) => rule)).toEqual(['signedTwice', 'reverted', 'forked'])
})

test('behavior: a second digest on record is a second signature, though nobody saw its block', () => {
  const ledger = new Ledger()
  const entry = { producer: '0x1', slot: '7', digest: hash('1') }
  ledger.records(entry)
  ledger.records(entry)
  ledger.records({ ...entry, slot: '8', digest: hash('2') })
  expect(ledger.breaches).toEqual([])
  ledger.records({ ...entry, digest: hash('2') })
  expect(ledger.breaches.map(({ rule }) => rule)).toEqual(['signedTwice'])
})

test('behavior: only heights without a fault at the node count for a promise', () => {
  const ledger = new Ledger()
  const promise = { id: hash('1'), node: 'a', timeMs: 0, height: 10, lastHeight: 60 }
  expect(ledger.freeHeights(promise)).toBe(51)
  ledger.begin('b', 0)
  const trouble = ledger.begin('a', 20)
  expect(ledger.freeHeights(promise)).toBe(10)
  trouble.to = 29
  expect(ledger.freeHeights(promise)).toBe(41)
})

const promiseOf = (ledger: Ledger, digit: string, node: string): ReturnType<typeof asHash> => {
  const id = hash(digit)
  ledger.sends(id, 60)
  ledger.acknowledged.set(id, { id, node, timeMs: 0, height: 10, lastHeight: 60 })
  return id
}

test('behavior: what was promised and is not there is lost, unless the node had no time; excuses are few', () => {
  const ledger = new Ledger()
  ledger.begin('down', 12)
  ledger.close(promiseOf(ledger, '1', 'up'), true)
  ledger.close(promiseOf(ledger, '2', 'down'), false)
  expect(ledger.breaches).toEqual([])
  expect(ledger.settled).toEqual({ sent: 2, acknowledged: 2, included: 1, excused: 1 })
  ledger.checkExcuses()
  expect(ledger.breaches).toEqual([])
  for (const digit of ['3', '4', '5']) ledger.close(promiseOf(ledger, digit, 'down'), false)
  ledger.checkExcuses()
  ledger.close(promiseOf(ledger, '6', 'up'), false)
  expect(ledger.breaches.map(({ rule }) => rule)).toEqual(['excused', 'lost'])
})

test('behavior: the receiver has a unit for each transfer in the chain, no more and no less', () => {
  const ledger = new Ledger()
  for (const digit of ['1', '2']) ledger.inChain.add(promiseOf(ledger, digit, 'up'))
  // What others put into the chain does not count.
  ledger.inChain.add(hash('9'))
  ledger.checkCount(2n)
  expect(ledger.breaches).toEqual([])
  ledger.checkCount(1n)
  ledger.checkCount(3n)
  expect(ledger.breaches.map(({ rule }) => rule)).toEqual(['countedTwice', 'countedTwice'])
})

test('behavior: patience does not count the time in which there was no processor', () => {
  let now = 0
  let queued = 500
  const patience = new Patience({ limitMs: 100, pids: () => [1], queued: () => queued, now: () => now })
  now = 100
  expect(patience.isOver()).toBe(false)
  now = 101
  expect(patience.isOver()).toBe(true)
  queued = 800
  expect(patience.isOver()).toBe(false)
  now = 401
  expect(patience.isOver()).toBe(true)
})
