import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { encodeMessage, MAX_MESSAGE_BYTES } from '#p2p'
import type { Bytes, Hash } from '#primitives'
import { Admission } from './admission.ts'
import { Bans } from './bans.ts'
import { encodeFrame } from './frames.ts'
import {
  BAN_MS,
  FRAME_MS,
  GOSSIP_FRAME_BYTES,
  HANDSHAKE_MS,
  INBOUND_PER_GROUP,
  INBOUND_RATE,
  MAX_QUEUE_BYTES,
  MAX_QUEUE_MESSAGES,
  RATES,
  SLOW_PEER_MS,
} from './limits.ts'
import type { Session } from './sessions.ts'
import { Company, createTestClock, GENESIS, type Member } from './testing/harness.ts'
import { encodeAddresses, encodeHello, FRAME, networkName } from './wire.ts'

const company = new Company()
afterEach(() => company.end())

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 25_000, interval: 20 })
const block = (n: number, size = 10): Bytes => encodeMessage({ kind: 'block', block: new Uint8Array(size).fill(n) })
const announce = encodeMessage({ kind: 'announce', height: 1n, slot: 1n, hash: `0x${'00'.repeat(32)}` as Hash })
const header = (length: number, type: number): Bytes =>
  Uint8Array.of(length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255, type)
const scoreOf = (member: Member, id: string): number =>
  member.network.peers().find((peer) => peer.id === id)?.score ?? 0

/** One short message as gossip carries it: a frame with one entry of data and topic. */
function gossipOf(message: Bytes): Bytes {
  const topic = new TextEncoder().encode(`${networkName(GENESIS)}/blocks`)
  const entry = [0x12, message.length, ...message, 0x22, topic.length, ...topic]
  return Uint8Array.from([entry.length + 2, 0x12, entry.length, ...entry])
}

/** An honest pair still talks: what a peer did to one of them did no harm beyond it. */
async function stillWorks(member: Member): Promise<void> {
  const friend = await company.join({ peers: member.network.listenAddresses() })
  await until(() => expect(member.network.net.peers()).toContain(friend.network.peerId))
  member.network.net.send(friend.network.peerId, block(77))
  await until(() => expect(friend.heard.map(({ message }) => message.at(-1))).toContain(77))
}

describe('handshakes', () => {
  test('attack: garbage for a hello is counted, and banned when it goes on; the ban ends [P2P-HELLO-2, P2P-BAN-1]', async () => {
    const victim = await company.join()
    const attacker = await company.attack()
    const short = encodeHello({ version: 1, genesis: GENESIS, height: 1n, agent: 'a', addresses: [] }).subarray(0, 30)
    const garbage = [header(1, 99), header(2 ** 31, FRAME.hello), encodeFrame(FRAME.hello, short), header(0, 0)]
    for (const bytes of garbage) {
      const connection = await attacker.dial(victim)
      await attacker.sayHello(connection, Uint8Array.from([...bytes, 0])).catch(() => undefined)
      await until(() => expect(connection.status).not.toBe('open'))
    }
    await until(() => expect(victim.network.bans()).toMatchObject([{ id: attacker.id }]))
    await expect(attacker.enter(victim)).rejects.toThrow()
    expect(victim.seen).toEqual([])
    victim.clock.advance(BAN_MS)
    await attacker.enter(victim)
    await stillWorks(victim)
  })

  test('attack: who says nothing, or half of it, is parted from [P2P-HELLO-2]', async () => {
    const victim = await company.join()
    const attacker = await company.attack()
    const silent = await attacker.dial(victim)
    const half = await attacker.dial(victim)
    void attacker.sayHello(half, header(100, FRAME.hello)).catch(() => undefined)
    // A second connection of one peer takes the place of the first.
    await until(() => expect(silent.status).not.toBe('open'))
    await until(() => {
      victim.clock.advance(HANDSHAKE_MS)
      expect(half.status).not.toBe('open')
    })
    await until(() => expect(victim.network.counters().refused['transport.handshake']).toBeGreaterThan(0))
    expect(victim.seen).toEqual([])
  })

  test('attack: nothing is heard from a peer that was not admitted [P2P-HELLO-1]', async () => {
    const victim = await company.join()
    const attacker = await company.attack()
    const connection = await attacker.dial(victim)
    const stream = await attacker.direct(connection)
    stream.send(encodeFrame(FRAME.message, block(1)))
    const gossip = await connection.newStream('/meshsub/1.2.0')
    gossip.send(gossipOf(block(2)))
    const hello = encodeHello({
      version: 1,
      genesis: `0x${'33'.repeat(32)}` as Hash,
      height: 1n,
      agent: '',
      addresses: [],
    })
    const answer = await attacker.sayHello(connection, encodeFrame(FRAME.hello, hello))
    expect([...answer]).toEqual([0, 0, 0, 2, FRAME.refusal, 1])
    await until(() => expect(connection.status).not.toBe('open'))
    const again = await attacker.enter(victim)
    const heard = await again.newStream('/meshsub/1.2.0')
    heard.send(gossipOf(block(3)))
    await until(() => expect(victim.heard.map(({ message }) => message.at(-1))).toEqual([3]))
  })
})

describe('frames', () => {
  const bad: [string, Bytes][] = [
    ['a frame above the limit', Uint8Array.from([...header(MAX_MESSAGE_BYTES + 2, FRAME.message), 1])],
    [
      'an announcement above its own limit',
      encodeFrame(FRAME.message, Uint8Array.from([...announce, ...new Uint8Array(64)])),
    ],
    ['an unknown type', encodeFrame(99, Uint8Array.of(1))],
    ['no type', header(0, 1)],
    ['addresses nobody asked for', encodeFrame(FRAME.addresses, encodeAddresses([]))],
    ['a question with a body', encodeFrame(FRAME.ask, Uint8Array.of(1))],
  ]
  test.each(bad)('attack: %s ends the connection, and is a ban the second time [P2P-FRAME-3]', async (_name, bytes) => {
    const victim = await company.join()
    const attacker = await company.attack()
    for (const time of [1, 2]) {
      const connection = await attacker.enter(victim)
      const stream = await attacker.direct(connection)
      // The question a node asks of whoever comes is answered first, so that the second answer is one too many.
      stream.send(encodeFrame(FRAME.addresses, encodeAddresses([])))
      stream.send(encodeFrame(FRAME.message, block(time)))
      stream.send(bytes)
      await until(() => expect(connection.status).not.toBe('open'))
    }
    await until(() => {
      expect(victim.network.bans()).toMatchObject([
        { id: attacker.id, reason: expect.stringMatching(/^transport\.frame/) },
      ])
    })
    expect(victim.heard.length).toBeLessThanOrEqual(2)
    await expect(attacker.enter(victim)).rejects.toThrow()
  })

  test('attack: a frame that does not end in time [P2P-FRAME-3]', async () => {
    const victim = await company.join()
    const attacker = await company.attack()
    const connection = await attacker.enter(victim)
    const stream = await attacker.direct(connection)
    stream.send(encodeFrame(FRAME.message, block(1)))
    stream.send(header(1000, FRAME.message))
    await until(() => expect(victim.heard).toHaveLength(1))
    await until(() => {
      victim.clock.advance(FRAME_MS)
      expect(connection.status).not.toBe('open')
    })
    await stillWorks(victim)
  })

  test('attack: a gossip frame above the limit [P2P-GOSSIP-3]', async () => {
    const victim = await company.join()
    const attacker = await company.attack()
    const connection = await attacker.enter(victim)
    const stream = await connection.newStream('/meshsub/1.2.0')
    const length = GOSSIP_FRAME_BYTES + 1
    stream.send(
      Uint8Array.of((length & 127) | 128, ((length >> 7) & 127) | 128, ((length >> 14) & 127) | 128, length >> 21),
    )
    stream.send(new Uint8Array(64))
    await until(() => expect(connection.status).not.toBe('open'))
    expect(victim.log.join()).toContain('transport.frameTooLarge')
    await stillWorks(victim)
  })
})

describe('too much', () => {
  test('attack: messages above the rate are dropped, and end in a ban [P2P-RATE-1]', async () => {
    const victim = await company.join()
    const attacker = await company.attack()
    const connection = await attacker.enter(victim)
    const stream = await attacker.direct(connection)
    const frame = encodeFrame(FRAME.message, announce)
    const burst = RATES['announce']?.messages.burst ?? 0
    for (let n = 0; n < 2 * burst; n += 1) stream.send(frame)
    await until(() =>
      expect(victim.network.bans()).toMatchObject([{ id: attacker.id, reason: 'more announce than allowed' }]),
    )
    expect(victim.network.counters().dropped.rate).toBeGreaterThanOrEqual(50)
    expect(victim.heard.length).toBeGreaterThanOrEqual(burst)
    expect(victim.heard.length).toBeLessThan(2 * burst - 49)
    await stillWorks(victim)
  })

  test('attack: a peer that reads nothing holds a bounded queue, and is parted from [P2P-QUEUE-1]', async () => {
    const victim = await company.join()
    const attacker = await company.attack()
    const connection = await attacker.enter(victim)
    await until(() => expect(attacker.incoming).toHaveLength(1))
    const large = block(1, 3_000_000)
    for (let n = 0; n < 12; n += 1) victim.network.net.send(attacker.id, large)
    const { queueFull } = victim.network.counters().dropped
    expect((12 - queueFull) * large.length).toBeLessThanOrEqual(MAX_QUEUE_BYTES + 2 * large.length)
    for (let n = 0; n < 2 * MAX_QUEUE_MESSAGES; n += 1) victim.network.net.send(attacker.id, block(2))
    expect(victim.network.counters().dropped.queueFull).toBeGreaterThanOrEqual(queueFull + MAX_QUEUE_MESSAGES)
    await until(() => {
      victim.clock.advance(SLOW_PEER_MS)
      expect(connection.status).not.toBe('open')
    })
    expect(victim.log.join()).toMatch(/"reason":"(slow|silent)"/)
    await stillWorks(victim)
  })

  test('attack: a flood of streams leaves one, the newest, and harms nobody else [P2P-STREAM-1]', async () => {
    const victim = await company.join()
    const attacker = await company.attack()
    const connection = await attacker.enter(victim)
    for (let n = 0; n < 10; n += 1) {
      const stream = await attacker.direct(connection)
      stream.send(encodeFrame(FRAME.message, block(n)))
      await until(() => expect(victim.heard.at(-1)?.message.at(-1)).toBe(n))
    }
    const flood = Array.from({ length: 300 }, () => attacker.direct(connection).catch(() => undefined))
    await Promise.all(flood)
    await stillWorks(victim)
    // The peer meets its victim anew while its old connection is still there.
    const another = await attacker.enter(victim)
    const stream = await attacker.direct(another)
    stream.send(encodeFrame(FRAME.message, block(99)))
    await until(() => expect(victim.heard.at(-1)?.message.at(-1)).toBe(99))
  })

  test('attack: bad conduct the node reports falls to a ban [P2P-BAN-1]', async () => {
    const victim = await company.join()
    const attacker = await company.attack()
    const connection = await attacker.enter(victim)
    const stream = await attacker.direct(connection)
    victim.judge = () => Promise.resolve('reject')
    stream.send(encodeFrame(FRAME.message, block(1)))
    await until(() => expect(scoreOf(victim, attacker.id)).toBeLessThan(-15))
    for (let n = 0; n < 4; n += 1) victim.network.net.judge(attacker.id, 'invalid')
    await until(() => expect(connection.status).not.toBe('open'))
    expect(victim.network.bans()).toMatchObject([{ id: attacker.id, reason: 'invalid messages' }])
    expect(victim.network.counters().bans).toBe(1)
  })
})

describe('admission', () => {
  const session = (id: string, direction: 'in' | 'out', host: string): Session =>
    ({ id, direction, address: `/ip4/${host}/tcp/1` }) as Session
  const open = (sessions: readonly Session[], configured: readonly string[] = []) => {
    const clock = createTestClock()
    const options = { configured: new Set(configured), maxPeers: 4, outbound: 2, perGroup: undefined }
    return new Admission(options, { clock, bans: new Bans(clock, new Set()), sessions: () => sessions })
  }
  type Inbound = Parameters<NonNullable<ReturnType<Admission['gater']>['denyInboundConnection']>>[0]
  const from = (host: string): Inbound => ({ remoteAddr: multiaddr(`/ip4/${host}/tcp/9`) }) as Inbound

  test('behavior: places for own connections are kept, and configured peers always have one [P2P-ADMIT-1]', () => {
    const two = [session('a', 'in', '1.1.1.1'), session('b', 'in', '2.1.1.1')]
    expect(open(two).refuse('c', 'inbound')).toBe('full')
    expect(open(two).refuse('c', 'outbound')).toBeUndefined()
    expect(open(two, ['c']).refuse('c', 'inbound')).toBeUndefined()
    expect(open(two.slice(1)).refuse('c', 'inbound')).toBeUndefined()
    const four = [...two, session('d', 'out', '3.1.1.1'), session('e', 'out', '4.1.1.1')]
    expect(open(four).refuse('c', 'outbound')).toBe('full')
    expect(open(four, ['a', 'b']).refuse('c', 'inbound')).toBeUndefined()
  })

  test('behavior: a group of neighbours has few places and few attempts; this machine has all [P2P-ADMIT-2]', async () => {
    const many = Array.from({ length: INBOUND_PER_GROUP }, (_, n) => session(`n${n}`, 'in', `8.8.${n}.1`))
    const peer = { toString: () => 'x' } as never
    const gater = open(many).gater()
    expect(gater.denyInboundEncryptedConnection?.(peer, from('8.8.77.1'))).toBe(true)
    expect(gater.denyInboundEncryptedConnection?.(peer, from('8.9.77.1'))).toBe(false)
    expect(open(many, ['x']).gater().denyInboundEncryptedConnection?.(peer, from('8.8.77.1'))).toBe(false)
    const denied = (host: string): number =>
      Array.from({ length: 2 * INBOUND_RATE.burst }, () => gater.denyInboundConnection?.(from(host))).filter(Boolean)
        .length
    expect(denied('9.9.9.9')).toBeGreaterThanOrEqual(INBOUND_RATE.burst - 1)
    expect(denied('127.0.0.1')).toBe(0)
  })

  test('behavior: a full node says so [P2P-ADMIT-1]', async () => {
    const victim = await company.join({ maxPeers: 1 })
    await (await company.attack()).enter(victim)
    await expect((await company.attack()).enter(victim)).rejects.toThrow(/refused: 0,0,0,2,2,3/)
  })
})
