import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { asHash } from '#primitives'
import { Ledger } from './ledger.ts'
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
