import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { Bytes, Clock, Hash, Logger, Verdict } from '#primitives'
import { encodeFrame } from '../frames.ts'
import { createIdentity, createLibp2pNetwork, type Libp2pNetwork, type Libp2pNetworkOptions } from '../index.ts'
import type { Libp2pNetworkDeps } from '../types.ts'
import { encodeHello, FRAME, HELLO_PROTOCOL, networkName } from '../wire.ts'

export const GENESIS: Hash = `0x${'11'.repeat(32)}` as Hash

/** The machine's clock, which a test can put forward: what is due then happens at once. */
export interface TestClock extends Clock {
  advance(ms: number): void
}

export function createTestClock(): TestClock {
  const timers = new Set<{ readonly due: number; run(): void }>()
  let offset = 0
  const now = (): number => Date.now() + offset
  return {
    now,
    after(ms, run) {
      const timer = {
        due: now() + ms,
        run: () => {
          clearTimeout(handle)
          if (timers.delete(timer)) run()
        },
      }
      const handle = setTimeout(() => timer.run(), ms)
      timers.add(timer)
      return () => {
        clearTimeout(handle)
        timers.delete(timer)
      }
    },
    advance(ms) {
      const until = now() + ms
      for (;;) {
        const [next] = [...timers].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)
        if (next === undefined) break
        offset = Math.max(next.due - Date.now(), offset)
        next.run()
      }
      offset = until - Date.now()
    },
  }
}

/** A node of a test, and what it heard. */
export interface Member {
  readonly network: Libp2pNetwork
  readonly clock: TestClock
  readonly heard: { readonly peer: string; readonly message: Bytes }[]
  readonly log: string[]
  readonly seen: string[]
  /** What becomes of each message. */
  judge: (message: Bytes) => Promise<Verdict>
}

/** Nodes of one test, all ended together. */
export class Company {
  private readonly running: { stop(): unknown }[] = []

  async join(
    options: Partial<Libp2pNetworkOptions> = {},
    deps: Partial<Pick<Libp2pNetworkDeps, 'book'>> = {},
  ): Promise<Member> {
    const identity = options.identity ?? (await createIdentity())
    const log: string[] = []
    const note = (message: string, fields?: unknown): void => void log.push(`${message} ${JSON.stringify(fields)}`)
    const logger: Logger = { debug: () => undefined, info: note, warn: note, error: note }
    const clock = createTestClock()
    const network = await createLibp2pNetwork(
      { identity, genesis: GENESIS, listen: ['/ip4/127.0.0.1/tcp/0'], ...options },
      {
        clock,
        logger,
        rng: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
        headHeight: () => 7n,
        ...deps,
      },
    )
    this.running.push(network)
    const member: Member = { network, clock, heard: [], log, seen: [], judge: () => Promise.resolve('accept') }
    network.net.onMessage((peer, message) => {
      member.heard.push({ peer, message })
      return member.judge(message)
    })
    network.net.onPeer((peer, here) => member.seen.push(`${here ? '+' : '-'}${peer}`))
    return member
  }

  async attack(): Promise<Attacker> {
    const attacker = new Attacker()
    await attacker.start()
    this.running.push(attacker)
    return attacker
  }

  async end(): Promise<void> {
    await Promise.all(this.running.splice(0).map((one) => one.stop()))
  }
}

const readAll = (stream: Stream, into: Bytes[]): void => {
  stream.addEventListener('message', ({ data }) => {
    into.push(data instanceof Uint8Array ? data : data.subarray())
  })
}

/** Somebody with libp2p and no manners. */
export class Attacker {
  /** What others opened to this one to send direct messages on. */
  readonly incoming: Stream[] = []
  private node: Libp2p | undefined

  async start(): Promise<void> {
    this.node = await createLibp2p({
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionMonitor: { enabled: false },
      connectionManager: { reconnectRetries: 0, dialTimeout: 5000 },
    })
    await this.node.handle(`${networkName(GENESIS)}/direct`, (stream) => {
      stream.pause()
      this.incoming.push(stream)
    })
  }

  get id(): string {
    return this.node?.peerId.toString() ?? ''
  }

  async stop(): Promise<void> {
    await this.node?.stop()
  }

  async dial(member: Member): Promise<Connection> {
    const [address = ''] = member.network.listenAddresses()
    const connection = await this.node?.dial(multiaddr(address), { force: true })
    if (connection === undefined) throw new Error('not started')
    return connection
  }

  /** Opens the stream of a handshake and writes these bytes; resolves with what is answered until the other side ends. */
  async sayHello(connection: Connection, bytes: Bytes): Promise<Bytes> {
    const stream = await connection.newStream(HELLO_PROTOCOL)
    const chunks: Bytes[] = []
    readAll(stream, chunks)
    const ended = new Promise<void>((resolve) => {
      stream.addEventListener('remoteCloseWrite', () => resolve())
      stream.addEventListener('close', () => resolve())
    })
    stream.send(bytes)
    await ended
    return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]))
  }

  /** Connects and is admitted as a node of the network would be. */
  async enter(member: Member): Promise<Connection> {
    const connection = await this.dial(member)
    const hello = encodeHello({ version: 1, genesis: GENESIS, height: 1n, agent: 'bad', addresses: [] })
    const answer = await this.sayHello(connection, encodeFrame(FRAME.hello, hello))
    if (answer[4] !== FRAME.hello) throw new Error(`refused: ${answer.join()}`)
    return connection
  }

  /** The stream for direct messages. */
  direct(connection: Connection): Promise<Stream> {
    return connection.newStream(`${networkName(GENESIS)}/direct`)
  }
}
