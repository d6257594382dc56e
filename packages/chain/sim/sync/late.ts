import type { NodePorts } from '#node'
import { createMemoryNetwork, type MemoryNetwork } from '#p2p'
import { type Conduct, createPrng, type Logger } from '#primitives'
import { Machine, SimDisk, Timeline } from '#testing'
import type { SimChain } from '../genesis.ts'
import { type Author, SILENT } from './author.ts'
import { type Lie, Server } from './liars.ts'

const LATENCY_MS = 20

export interface LateOptions {
  readonly farBlocks?: bigint
  readonly ports?: Pick<NodePorts, 'executor' | 'lacks'>
  readonly logger?: Logger
}

/** One machine with an empty disk that comes late, and peers that answer from written chains. */
export class Late {
  readonly timeline: Timeline
  readonly network: MemoryNetwork
  readonly machine: Machine
  readonly servers = new Map<string, Server>()
  readonly verdicts = new Map<string, Set<Conduct>>()
  private readonly author: Author

  constructor(sim: SimChain, author: Author, { ports = {}, logger = SILENT, ...options }: LateOptions = {}) {
    this.author = author
    const { genesisTimeMs, slotMs } = sim.chain.genesis
    const startMs = Number(genesisTimeMs + (author.ledger.head().header.slot + 1n) * slotMs)
    this.timeline = new Timeline({ startMs })
    this.network = createMemoryNetwork({ clock: this.timeline, policy: () => [LATENCY_MS] })
    const pace = createPrng('disk')
    const disk = new SimDisk({ clock: this.timeline, latency: () => 1 + pace.int(2) })
    const { network, timeline } = this
    this.machine = new Machine({
      name: 'late',
      timeline,
      disk,
      node: async () => ({ name: 'late', keepStates: 80, relay: false, ...options }),
      connect: () => {
        const net = network.join('late')
        return { ...net, judge: (peer, conduct) => this.verdictsOn(peer).add(conduct) }
      },
      disconnect: () => network.leave('late'),
      ports: () => ({ chain: sim.chain, ...ports }),
      logger,
    })
  }

  serve(name: string, lie?: Lie, author: Author = this.author): Server {
    const clock = this.timeline
    const server = new Server(this.network.join(name), author, { name, clock, ...(lie === undefined ? {} : { lie }) })
    this.servers.set(name, server)
    return server
  }

  verdictsOn(peer: string): Set<Conduct> {
    const known = this.verdicts.get(peer) ?? new Set()
    this.verdicts.set(peer, known)
    return known
  }

  height(): bigint {
    return this.machine.node?.ledger.head().header.height ?? 0n
  }

  async start(): Promise<void> {
    const started = this.machine.start()
    while (!this.machine.up) {
      await this.run(10)
      // What does not wait for the timeline goes on meanwhile.
      await new Promise((resolve) => setImmediate(resolve))
    }
    await started
  }

  /** Announcements in the order the peers joined, every four seconds, until the chain of `to` is here. */
  async catchUp(to: Author, seconds: number): Promise<void> {
    const { hash, height } = to.ledger.head().header
    const done = (): boolean => this.machine.node?.ledger.head().header.hash === hash
    for (let left = seconds; left > 0 && !done(); left -= 4) {
      for (const server of this.servers.values()) server.announce('late')
      await this.run(4000, done)
    }
    if (!done()) throw new Error(`the node is at ${this.height()}, the chain at ${height}`)
  }

  async run(ms: number, stop: () => boolean = () => false): Promise<void> {
    await this.timeline.runUntil(this.timeline.now() + ms, stop)
  }
}
