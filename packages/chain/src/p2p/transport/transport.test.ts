import { afterEach, describe, expect, test, vi } from 'vitest'
import { encodeMessage } from '#p2p'
import type { Bytes, Clock, Hash, Logger, Verdict } from '#primitives'
import { createIdentity, createLibp2pNetwork, type Libp2pNetwork, type Libp2pNetworkOptions } from './index.ts'

const GENESIS = `0x${'11'.repeat(32)}` as Hash
const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
const rng = { bytes: (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length)) }

interface Member {
  readonly network: Libp2pNetwork
  readonly heard: { readonly peer: string; readonly message: Bytes }[]
  readonly log: string[]
  verdict: Verdict
}

const running: Libp2pNetwork[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((network) => network.stop()))
})

async function join(options: Partial<Libp2pNetworkOptions> = {}): Promise<Member> {
  const identity = options.identity ?? (await createIdentity())
  const log: string[] = []
  const logger: Logger = { ...silent, info: (message, fields) => log.push(`${message} ${JSON.stringify(fields)}`) }
  const network = await createLibp2pNetwork(
    { identity, genesis: GENESIS, listen: ['/ip4/127.0.0.1/tcp/0'], ...options },
    { clock, rng, logger, headHeight: () => 7n },
  )
  running.push(network)
  const member: Member = { network, heard: [], log, verdict: 'accept' }
  network.net.onMessage((peer, message) => {
    member.heard.push({ peer, message })
    return Promise.resolve(member.verdict)
  })
  return member
}

const block = (n: number, size = 10): Bytes => encodeMessage({ kind: 'block', block: new Uint8Array(size).fill(n) })
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000, interval: 20 })

describe('a network of nodes', () => {
  test('delivers a broadcast exactly once to everybody', async () => {
    const first = await join()
    const others = await Promise.all(Array.from({ length: 5 }, () => join({ peers: first.network.listenAddresses() })))
    await until(() => expect(first.network.net.peers()).toHaveLength(5))
    await until(() => {
      for (const one of others) expect(one.network.net.peers()).toEqual([first.network.peerId])
    })
    const all = [first, ...others]
    // Twice, so that what came too often in the first round shows in the second.
    for (const round of [0, 10]) {
      for (const [index, one] of all.entries()) one.network.net.broadcast(block(round + index))
      await until(() => {
        for (const [index, one] of all.entries()) {
          const numbers = one.heard.map(({ message }) => message.at(-1)).filter((n = 0) => n >= round)
          expect(numbers.sort((a = 0, b = 0) => a - b)).toEqual(
            [0, 1, 2, 3, 4, 5].filter((n) => n !== index).map((n) => round + n),
          )
        }
      })
    }
    for (const one of all) expect(one.heard).toHaveLength(10)
  })

  test('sends to one peer, in order', async () => {
    const a = await join()
    const b = await join({ peers: a.network.listenAddresses() })
    await until(() => expect(a.network.peers()).toMatchObject([{ id: b.network.peerId, direction: 'in', height: 7n }]))
    const sent = [block(1), block(2, 1_000_000), block(3, 4_000_000), block(4)]
    for (const message of sent) a.network.net.send(b.network.peerId, message)
    await until(() => expect(b.heard).toHaveLength(sent.length))
    expect(b.heard.map(({ message }) => message.length)).toEqual(sent.map(({ length }) => length))
    expect(b.heard.every(({ peer }) => peer === a.network.peerId)).toBe(true)
  })

  test('refuses another network, and says why', async () => {
    const a = await join()
    const b = await join({ genesis: `0x${'22'.repeat(32)}` as Hash, peers: a.network.listenAddresses() })
    await until(() => expect(a.log.join()).toContain('transport.foreignNetwork'))
    await until(() => expect(b.log.join()).toContain('transport.foreignNetwork'))
    expect([...a.network.net.peers(), ...b.network.net.peers()]).toEqual([])
  })
})
