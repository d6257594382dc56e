import { afterEach, describe, expect, test } from 'vitest'
import { playEpisode, showFinding } from './engine.ts'
import { messageKinds } from './messages.ts'
import { dropLeaked } from './peers.ts'
import type { Plant } from './target.ts'
import { targets } from './targets.ts'

const seed = process.env['AELF_SEED'] ?? String(Date.now())
/** Messages of a slice that runs with every test run. */
const SLICE: Readonly<Record<string, number>> = { codecs: 40_000, peers: 600, rpc: 4_000, sockets: 200 }

describe(`hostile messages (seed ${seed})`, () => {
  for (const { target } of targets) {
    test(`behavior: ${target.name} refuse what is wrong and stand`, { timeout: 120_000 }, async () => {
      const report = await playEpisode({ target, seed, messages: SLICE[target.name] ?? 0 })
      expect(report.findings.map(showFinding)).toEqual([])
      expect(report.messages).toBe(SLICE[target.name])
      expect(report.messages).toBeGreaterThan(0)
    })
  }
})

/** What the harness would miss, it could not find in the product either. */
const plants: readonly { readonly plant: Plant; readonly target: string; readonly says: RegExp }[] = [
  { plant: 'decoder', target: 'codecs', says: /not listed/ },
  { plant: 'canonical', target: 'codecs', says: /second encoding/ },
  { plant: 'peer', target: 'peers', says: /threw TypeError/ },
  { plant: 'handler', target: 'peers', says: /logs an error: A message could not be handled/ },
  { plant: 'fork', target: 'peers', says: /nobody honest made/ },
  { plant: 'finality', target: 'peers', says: /irreversible height fell/ },
  { plant: 'stall', target: 'peers', says: /the loop stands still/ },
  { plant: 'leak', target: 'peers', says: /memory grew/ },
  { plant: 'rpc', target: 'rpc', says: /not listed: oops/ },
  { plant: 'internal', target: 'rpc', says: /logs an error/ },
  { plant: 'moved', target: 'rpc', says: /head moved/ },
  { plant: 'secret', target: 'sockets', says: /tells about the machine/ },
  { plant: 'deaf', target: 'sockets', says: /neither answered nor turned away/ },
  { plant: 'gone', target: 'sockets', says: /the server is gone/ },
  { plant: 'socket', target: 'sockets', says: /HTTP status 500/ },
]

/** Mistakes that are slow to look at are found early. */
const MESSAGES: Readonly<Partial<Record<Plant, number>>> = { stall: 150, deaf: 4 }

describe('planted mistakes', () => {
  afterEach(dropLeaked)
  for (const { plant, target: name, says } of plants) {
    test(`behavior: ${plant} is found`, { timeout: 120_000 }, async () => {
      const target = targets.find((one) => one.target.name === name)?.target
      if (target === undefined) throw new Error(`there is no target ${name}`)
      const { findings } = await playEpisode({
        target,
        seed: 'planted',
        messages: MESSAGES[plant] ?? SLICE[name] ?? 0,
        plant,
      })
      expect(findings.map(({ what }) => what).join('\n')).toMatch(says)
    })
  }
})

test('behavior: there is a maker for every kind of message', () => {
  expect(messageKinds.length).toBeGreaterThanOrEqual(5)
})
