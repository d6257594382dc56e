import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clock, Hash } from '#primitives'
import {
  createMemoryNetwork,
  decodeMessage,
  encodeMessage,
  MAX_BODIES,
  MAX_BUNDLE_MESSAGE_BYTES,
  MAX_BUNDLE_PART_BYTES,
  MAX_HEADERS,
  MAX_HELD_MESSAGES,
  MAX_LOCATOR_HASHES,
  MAX_MESSAGE_BYTES,
  type Message,
} from './index.ts'

const hash = (n: number): Hash => `0x${n.toString(16).padStart(64, '0')}` as Hash

function manualClock(): Clock & { run(untilMs: number): void } {
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
    run(untilMs) {
      for (;;) {
        const due = tasks.filter((task) => task.at <= untilMs).sort((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        tasks = tasks.filter((task) => task !== due)
        now = due.at
        due.run()
      }
      now = untilMs
    },
  }
}

describe('messages', () => {
  const samples: Message[] = [
    { kind: 'block', block: Uint8Array.of(1, 2, 3) },
    { kind: 'announce', height: 7n, slot: 2n ** 63n, hash: hash(9) },
    { kind: 'transactions', transactions: [Uint8Array.of(1), Uint8Array.of()] },
    { kind: 'getBlocks', request: 4_000_000_000, locator: [hash(1), hash(2)], limit: 64 },
    { kind: 'blocks', request: 1, blocks: [Uint8Array.of(5)] },
    { kind: 'getHeaders', request: 2, locator: [hash(3)], limit: MAX_HEADERS },
    { kind: 'headers', request: 2, headers: [Uint8Array.of(6), Uint8Array.of(7, 8)] },
    { kind: 'getBodies', request: 3, hashes: [hash(4), hash(5)] },
    { kind: 'bodies', request: 3, bodies: [] },
    { kind: 'getBundle', request: 4, hash: hash(6), part: 3 },
    { kind: 'bundle', request: 4, size: 3, part: Uint8Array.of(1, 2, 3) },
    { kind: 'bundle', request: 4, size: 0, part: Uint8Array.of() },
  ]
  test.each(samples)('default: $kind survives the wire', (message) => {
    expect(decodeMessage(encodeMessage(message))).toEqual(message)
  })

  test('error: arbitrary bytes give a coded error or a message with one encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(encodeMessage(decodeMessage(bytes))).toEqual(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^p2p\./) })
        }
      }),
    )
  })

  test('error: a changed, cut or longer message gives a coded error or another message with one encoding', () => {
    const change = fc.record({ at: fc.nat(), to: fc.nat(255), cut: fc.nat(3), add: fc.nat(2) })
    fc.assert(
      fc.property(fc.constantFrom(...samples), change, (message, { at, to, cut, add }) => {
        const good = encodeMessage(message)
        const bytes = new Uint8Array(Math.max(good.length - cut, 1) + add)
        bytes.set(good.subarray(0, good.length - cut))
        bytes[at % bytes.length] = to
        try {
          expect(encodeMessage(decodeMessage(bytes))).toEqual(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^p2p\./) })
        }
      }),
      { numRuns: 2000 },
    )
  })

  test.each<Message>([
    { kind: 'getHeaders', request: 1, locator: [hash(1)], limit: MAX_HEADERS + 1 },
    { kind: 'getHeaders', request: 1, locator: [hash(1)], limit: 0 },
    { kind: 'getHeaders', request: 1, locator: [], limit: 1 },
    { kind: 'getBodies', request: 1, hashes: [] },
    { kind: 'getBodies', request: 1, hashes: Array.from({ length: MAX_BODIES + 1 }, (_, n) => hash(n)) },
    { kind: 'headers', request: 1, headers: new Array(MAX_HEADERS + 1).fill(Uint8Array.of()) },
    { kind: 'headers', request: 1, headers: [new Uint8Array(16_385)] },
    { kind: 'bodies', request: 1, bodies: new Array(MAX_BODIES + 1).fill(Uint8Array.of()) },
    { kind: 'getBundle', request: 1, hash: hash(1), part: 4 },
    { kind: 'bundle', request: 1, size: MAX_BUNDLE_MESSAGE_BYTES + 1, part: Uint8Array.of(1) },
    { kind: 'bundle', request: 1, size: MAX_BUNDLE_MESSAGE_BYTES, part: new Uint8Array(MAX_BUNDLE_PART_BYTES + 1) },
    { kind: 'bundle', request: 1, size: 1, part: Uint8Array.of(1, 2) },
  ])('error: $kind beyond its limits is refused', (message) => {
    expect(() => decodeMessage(encodeMessage(message))).toThrow(expect.objectContaining({ code: 'p2p.malformed' }))
  })

  test('error: limits are checked before memory is taken', () => {
    const locator = Array.from({ length: MAX_LOCATOR_HASHES + 1 }, (_, n) => hash(n))
    const wide = encodeMessage({ kind: 'getBlocks', request: 1, locator, limit: 1 })
    expect(() => decodeMessage(wide)).toThrow(expect.objectContaining({ code: 'p2p.malformed' }))
    expect(() => decodeMessage(new Uint8Array(MAX_MESSAGE_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'p2p.tooLarge' }),
    )
    expect(() => decodeMessage(Uint8Array.of(99))).toThrow(expect.objectContaining({ code: 'p2p.unknownKind' }))
  })
})

describe('memory network', () => {
  test('default: broadcasts reach every other peer in order', () => {
    const clock = manualClock()
    const network = createMemoryNetwork({ clock })
    const heard: string[] = []
    const [a, b, c] = ['a', 'b', 'c'].map((name) => network.join(name))
    b?.onMessage((from, message) => void heard.push(`b<${from}:${message[0]}`))
    c?.onMessage((from, message) => void heard.push(`c<${from}:${message[0]}`))
    a?.broadcast(Uint8Array.of(1))
    a?.send('c', Uint8Array.of(2))
    expect(heard).toEqual([])
    clock.run(0)
    expect(heard).toEqual(['b<a:1', 'c<a:1', 'c<a:2'])
    expect(a?.peers()).toEqual(['b', 'c'])
  })

  test('behavior: the policy delays, duplicates, loses and cuts', () => {
    const clock = manualClock()
    const network = createMemoryNetwork({
      clock,
      policy: (_from, to, message) => (to === 'lost' ? [] : message[0] === 2 ? [5, 30] : [10]),
    })
    const heard: number[] = []
    const a = network.join('a')
    network.join('b').onMessage((_from, message) => void heard.push(message[0] ?? 0))
    network.join('lost').onMessage(() => void heard.push(99))
    a.broadcast(Uint8Array.of(1))
    a.broadcast(Uint8Array.of(2))
    clock.run(20)
    expect(heard).toEqual([2, 1])
    network.leave('a')
    clock.run(40)
    expect(heard).toEqual([2, 1])
    expect(network.inFlight()).toBe(0)
  })

  test('behavior: what comes before a peer listens waits for it, but no more than so much', () => {
    const clock = manualClock()
    const network = createMemoryNetwork({ clock })
    const [a, b] = [network.join('a'), network.join('b')]
    for (let count = 0; count < MAX_HELD_MESSAGES + 3; count += 1) a.send('b', Uint8Array.of(count % 256, count >> 8))
    clock.run(0)
    expect(network.inFlight()).toBe(0)
    const heard: number[] = []
    const cancel = b.onMessage((_from, [low = 0, high = 0]) => void heard.push(high * 256 + low))
    expect(heard).toEqual([])
    clock.run(0)
    expect(heard).toEqual(Array.from({ length: MAX_HELD_MESSAGES }, (_, index) => index))
    // Who has listened once and does not any more has ended.
    cancel()
    a.send('b', Uint8Array.of(1))
    clock.run(0)
    b.onMessage((_from, [low = 0]) => void heard.push(low))
    clock.run(0)
    expect(heard.length).toBe(MAX_HELD_MESSAGES)
  })

  test('behavior: peers hear of each other coming and going', () => {
    const network = createMemoryNetwork({ clock: manualClock() })
    const heard: string[] = []
    const cancel = network.join('a').onPeer((peer, here) => heard.push(`${here ? '+' : '-'}${peer}`))
    network.join('b')
    network.leave('b')
    network.leave('b')
    cancel()
    network.join('c')
    expect(heard).toEqual(['+b', '-b'])
  })
})
