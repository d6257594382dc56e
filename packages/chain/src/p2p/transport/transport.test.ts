import { afterEach, describe, expect, test, vi } from 'vitest'
import { encodeMessage } from '#p2p'
import type { Bytes, Hash, Verdict } from '#primitives'
import {
  type BookStore,
  type ClockReading,
  createIdentity,
  createLibp2pNetwork,
  decodeIdentity,
  encodeIdentity,
} from './index.ts'
import { MAX_BUSY_MESSAGES, VALIDATION_MS } from './limits.ts'
import { Company } from './testing/harness.ts'

const company = new Company()
afterEach(() => company.end())

const block = (n: number, size = 10): Bytes => encodeMessage({ kind: 'block', block: new Uint8Array(size).fill(n) })
const announce = (n: number): Bytes =>
  encodeMessage({ kind: 'announce', height: BigInt(n), slot: 1n, hash: `0x${'00'.repeat(32)}` as Hash })
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 25_000, interval: 20 })
const last = ({ message }: { message: Bytes }): number => message.at(-1) ?? -1

describe('identity', () => {
  test('default: survives its bytes; other bytes are refused', async () => {
    const identity = await createIdentity()
    expect(decodeIdentity(encodeIdentity(identity)).peerId).toBe(identity.peerId)
    for (const bytes of [new Uint8Array(0), new Uint8Array(64), encodeIdentity(identity).subarray(1)]) {
      expect(() => decodeIdentity(bytes)).toThrow(expect.objectContaining({ code: 'transport.identity' }))
    }
  })
})

describe('a network of nodes', () => {
  test('behavior: a broadcast reaches everybody exactly once [P2P-GOSSIP-1]', async () => {
    const first = await company.join()
    const peers = first.network.listenAddresses()
    // Nobody of them looks for others: what they hear of each other was passed on.
    const others = await Promise.all([1, 2, 3, 4, 5].map(() => company.join({ peers, maxPeers: 1 })))
    await until(() => expect(first.network.net.peers()).toHaveLength(5))
    await until(() => {
      for (const { network } of others) expect(network.net.peers()).toEqual([first.network.peerId])
    })
    const all = [first, ...others]
    // Twice, so that what came too often in the first round shows in the second.
    for (const round of [0, 10]) {
      for (const [index, one] of all.entries()) one.network.net.broadcast(block(round + index))
      await until(() => {
        for (const [index, one] of all.entries()) {
          const numbers = one.heard.map(last).filter((n) => n >= round)
          expect(numbers.sort((a, b) => a - b)).toEqual(
            [0, 1, 2, 3, 4, 5].filter((n) => n !== index).map((n) => round + n),
          )
        }
      })
    }
    for (const one of all) expect(one.heard).toHaveLength(10)
  })

  test('behavior: only what is accepted is passed on, what is rejected counts [P2P-GOSSIP-2]', async () => {
    const middle = await company.join()
    const peers = middle.network.listenAddresses()
    const [a, c] = await Promise.all([company.join({ peers, maxPeers: 1 }), company.join({ peers, maxPeers: 1 })])
    await until(() => expect(middle.network.net.peers()).toHaveLength(2))
    await until(() => expect([...a.network.net.peers(), ...c.network.net.peers()]).toHaveLength(2))
    const verdicts: Record<number, Verdict> = { 1: 'reject', 2: 'ignore', 4: 'accept' }
    middle.judge = (message) => {
      const verdict = verdicts[message.at(-1) ?? 0]
      return verdict === undefined ? new Promise(() => undefined) : Promise.resolve(verdict)
    }
    for (const n of [1, 2, 3, 4]) a.network.net.broadcast(block(n))
    await until(() => expect(c.heard.map(last)).toEqual([4]))
    await until(() => expect(middle.heard).toHaveLength(4))
    expect(middle.network.peers().find(({ id }) => id === a.network.peerId)?.score).toBeCloseTo(-22, 0)
    middle.clock.advance(VALIDATION_MS)
    await until(() => expect(middle.network.counters().dropped.late).toBe(1))
    expect(c.heard.map(last)).toEqual([4])
  })

  test('behavior: announcements go to each peer again and again, and no further [P2P-GOSSIP-1]', async () => {
    const middle = await company.join()
    const peers = middle.network.listenAddresses()
    const [a, c] = await Promise.all([company.join({ peers, maxPeers: 1 }), company.join({ peers, maxPeers: 1 })])
    await until(() => expect(middle.network.net.peers()).toHaveLength(2))
    await until(() => expect([...a.network.net.peers(), ...c.network.net.peers()]).toHaveLength(2))
    for (let n = 0; n < 3; n += 1) a.network.net.broadcast(announce(1))
    middle.network.net.broadcast(announce(2))
    await until(() => expect(middle.heard).toHaveLength(3))
    await until(() => expect([a.heard.length, c.heard.length]).toEqual([1, 1]))
  })

  test('behavior: large messages arrive whole and in order, and what is seen of the peer is right [P2P-FRAME-1]', async () => {
    const a = await company.join({ agent: 'one/1' })
    const b = await company.join({ peers: a.network.listenAddresses(), agent: 'two/2' })
    await until(() => {
      expect(a.network.peers()).toMatchObject([{ id: b.network.peerId, direction: 'in', height: 7n, agent: 'two/2' }])
      expect(b.network.peers()).toMatchObject([{ id: a.network.peerId, direction: 'out', agent: 'one/1', score: 0 }])
      expect(b.network.peers()[0]?.latencyMs).not.toBeUndefined()
    })
    const sent = [block(1), block(2, 1_000_000), block(3, 2_000_000), block(4)]
    for (const message of sent) a.network.net.send(b.network.peerId, message)
    await until(() => expect(b.heard).toHaveLength(sent.length))
    expect(b.heard.map(({ message }) => message.length)).toEqual(sent.map(({ length }) => length))
    expect(b.heard.map(last)).toEqual([1, 2, 3, 4])
    expect(() => a.network.net.send(b.network.peerId, new Uint8Array(8_000_000))).toThrow(
      expect.objectContaining({ code: 'p2p.tooLarge' }),
    )
    a.network.net.send('nobody', block(1))
    expect(a.network.counters().dropped.notConnected).toBe(1)
    expect(b.network.counters().messages).toContainEqual({
      direction: 'in',
      kind: 'block',
      count: 4,
      bytes: sent.reduce((sum, { length }) => sum + length, 0),
    })
    a.clock.advance(25_000)
    await until(() => expect(a.network.peers()[0]?.latencyMs).toBeGreaterThanOrEqual(0))
  })

  test('behavior: peers compare their clocks, each way, as exactly as the answers are quick [P2P-CLOCK-1]', async () => {
    const a = await company.join()
    const b = await company.join({ peers: a.network.listenAddresses() })
    const readings = (): (ClockReading | null | undefined)[] => [a, b].map(({ network }) => network.peers()[0]?.clock)
    await until(() => expect(readings()).toEqual([expect.anything(), expect.anything()]))
    const isRight = (index: number): void => {
      const ahead = (a.clock.now() - b.clock.now()) * (index === 0 ? 1 : -1)
      const { aheadMs = 0, errorMs = 0 } = readings()[index] ?? {}
      // The clocks count whole milliseconds.
      expect(Math.abs(aheadMs - ahead)).toBeLessThanOrEqual(errorMs + 2)
    }
    isRight(0)
    a.clock.advance(25_000)
    await until(() => isRight(0))
    b.clock.advance(20_000)
    await until(() => isRight(1))
  })

  test('behavior: what comes faster than it is judged waits in the stream [P2P-QUEUE-2]', async () => {
    const a = await company.join()
    const b = await company.join({ peers: a.network.listenAddresses() })
    await until(() => expect(a.network.net.peers()).toHaveLength(1))
    let release = (): void => undefined
    const gate = new Promise<Verdict>((resolve) => {
      release = () => resolve('ignore')
    })
    b.judge = () => gate
    for (let n = 0; n < 190; n += 1) a.network.net.send(b.network.peerId, block(n, 20_000))
    await until(() => expect(b.heard.length).toBeGreaterThanOrEqual(MAX_BUSY_MESSAGES))
    // Until no more come.
    for (let before = -1; before !== b.heard.length; ) {
      before = b.heard.length
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
    expect(b.heard.length).toBeLessThan(190)
    release()
    await until(() => expect(b.heard.map(last)).toEqual(Array.from({ length: 190 }, (_, n) => n)))
  })

  test('error: another network is refused, and both know why [P2P-HELLO-1]', async () => {
    const a = await company.join()
    const b = await company.join({ genesis: `0x${'22'.repeat(32)}` as Hash, peers: a.network.listenAddresses() })
    await until(() => {
      for (const { network } of [a, b])
        expect(network.counters().refused['transport.foreignNetwork']).toBeGreaterThan(0)
    })
    b.network.net.broadcast(block(1))
    expect([...a.network.net.peers(), ...b.network.net.peers(), ...a.seen, ...b.seen, ...a.heard]).toEqual([])
  })

  test('error: a port that is taken, and an address without a name', async () => {
    const a = await company.join()
    const [taken = ''] = a.network.listenAddresses()
    await expect(company.join({ listen: [taken.split('/p2p/')[0] ?? ''] })).rejects.toMatchObject({
      code: 'transport.listen',
    })
    await expect(company.join({ peers: ['/ip4/127.0.0.1/tcp/1'] })).rejects.toMatchObject({ code: 'transport.address' })
    expect(createLibp2pNetwork).toBeTypeOf('function')
  })
})

describe('finding peers', () => {
  const memory = (): BookStore & { text: string | undefined } => {
    const store = {
      text: undefined as string | undefined,
      load: () => Promise.resolve(store.text),
      save: (text: string) => {
        store.text = text
        return Promise.resolve()
      },
    }
    return store
  }

  test('behavior: a peer that restarts is connected again, and its coming and going is told [P2P-DIAL-1]', async () => {
    const identity = await createIdentity()
    const first = await company.join({ identity })
    const [address = ''] = first.network.listenAddresses()
    const other = await company.join({ peers: [address] })
    await until(() => expect(other.seen).toEqual([`+${identity.peerId}`]))
    await first.network.stop()
    await until(() => expect(other.seen).toEqual([`+${identity.peerId}`, `-${identity.peerId}`]))
    const again = await company.join({ identity, listen: [address.split('/p2p/')[0] ?? ''] })
    await until(() => expect(again.network.net.peers()).toEqual([other.network.peerId]))
    await until(() => expect(other.seen.at(-1)).toBe(`+${identity.peerId}`))
    other.network.net.send(identity.peerId, block(9))
    again.network.net.broadcast(block(8))
    await until(() => expect([again.heard.map(last), other.heard.map(last)]).toEqual([[9], [8]]))
  })

  test('behavior: peers find each other through peers [P2P-DIAL-2]', async () => {
    const hub = await company.join()
    const peers = hub.network.listenAddresses()
    const others = await Promise.all([1, 2, 3].map(() => company.join({ peers })))
    await until(() => expect(hub.network.net.peers()).toHaveLength(3))
    await until(() => {
      for (const { network } of others) expect(network.net.peers()).toContain(hub.network.peerId)
    })
    // Those that asked before the others had come ask again.
    for (const { clock } of others) clock.advance(31_000)
    await until(() => {
      for (const { network } of others) expect(network.net.peers()).toHaveLength(3)
    })
  })

  test('behavior: the book outlives a start, bans included; a broken one is begun anew [P2P-BOOK-4, P2P-BAN-3]', async () => {
    const store = memory()
    const identity = await createIdentity()
    const hub = await company.join()
    const bad = await company.join({ maxPeers: 1 })
    const peers = [hub, bad].flatMap(({ network }) => network.listenAddresses())
    const before = await company.join({ identity, peers: peers.slice(0, 1) }, { book: store })
    await until(() => expect(before.network.net.peers()).toEqual([hub.network.peerId]))
    for (let n = 0; n < 5; n += 1) before.network.net.judge(bad.network.peerId, 'invalid')
    expect(before.network.bans()).toMatchObject([{ id: bad.network.peerId }])
    await before.network.stop()
    const after = await company.join({ identity, peers: [] }, { book: store })
    await until(() => expect(after.network.net.peers()).toEqual([hub.network.peerId]))
    expect(after.network.bans()).toMatchObject([{ id: bad.network.peerId }])
    store.text = '{ half'
    const anew = await company.join({}, { book: store })
    expect(anew.log.join()).toContain('transport.book')
    expect(anew.network.bans()).toEqual([])
  })
})
