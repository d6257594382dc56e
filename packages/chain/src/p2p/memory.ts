import type { Bytes, Cancel, Clock, Net } from '#primitives'
import { P2pError } from './errors.ts'
import { MAX_HELD_MESSAGES, MAX_MESSAGE_BYTES, MAX_PEERS } from './limits.ts'

/**
 * Decides the fate of one message: the delays in milliseconds after which it arrives. None: it is lost; several: it
 * arrives several times. Called once for each message, in the order of sending.
 */
export type LinkPolicy = (from: string, to: string, message: Bytes) => readonly number[]

export interface MemoryNetwork {
  /** Connects a peer under a name of its own. */
  join(name: string): Net
  leave(name: string): void
  /** Messages under way. */
  inFlight(): number
}

type Handler = Parameters<Net['onMessage']>[0]
type PeerHandler = Parameters<Net['onPeer']>[0]

interface Envelope {
  readonly from: string
  readonly to: string
  readonly message: Bytes
}

interface Member {
  readonly handlers: Set<Handler>
  readonly watchers: Set<PeerHandler>
  /** What came before anybody listened; undefined from then on. A node is still being put together when it joins. */
  held: Envelope[] | undefined
}

const AT_ONCE: LinkPolicy = () => [0]

class Network implements MemoryNetwork {
  private readonly members = new Map<string, Member>()
  private readonly clock: Clock
  private readonly policy: LinkPolicy
  private ready: Envelope[] = []
  private flushing = false
  private flying = 0

  constructor(clock: Clock, policy: LinkPolicy) {
    this.clock = clock
    this.policy = policy
  }

  join(name: string): Net {
    if (this.members.has(name)) throw new P2pError('p2p.name', `A peer named ${name} is already connected`)
    if (this.members.size >= MAX_PEERS) throw new P2pError('p2p.full', `The network holds ${MAX_PEERS} peers`)
    const member: Member = { handlers: new Set(), watchers: new Set(), held: [] }
    const { handlers, watchers } = member
    this.members.set(name, member)
    this.tell(name, true)
    return {
      broadcast: (message) => {
        for (const to of this.members.keys()) if (to !== name) this.carry({ from: name, to, message })
      },
      send: (to, message) => this.carry({ from: name, to, message }),
      onMessage: (handler): Cancel => {
        handlers.add(handler)
        this.release(member)
        return () => handlers.delete(handler)
      },
      onPeer: (handler): Cancel => {
        watchers.add(handler)
        return () => watchers.delete(handler)
      },
      // Everybody stays connected here; who receives decides whom to ignore.
      judge: () => undefined,
      peers: () => [...this.members.keys()].filter((other) => other !== name),
    }
  }

  leave(name: string): void {
    if (!this.members.delete(name)) return
    this.tell(name, false)
  }

  private tell(name: string, here: boolean): void {
    for (const [other, { watchers }] of this.members) {
      if (other !== name) for (const watcher of watchers) watcher(name, here)
    }
  }

  inFlight(): number {
    return this.flying
  }

  private carry(envelope: Envelope): void {
    if (envelope.message.length > MAX_MESSAGE_BYTES) {
      throw new P2pError('p2p.tooLarge', `A message of ${envelope.message.length} bytes`)
    }
    if (!this.members.has(envelope.from)) return
    for (const delay of this.policy(envelope.from, envelope.to, envelope.message)) {
      if (delay <= 0) this.soon(envelope)
      else {
        this.flying += 1
        this.clock.after(delay, () => this.deliver(envelope))
      }
    }
  }

  /** Messages without delay share one timer, and arrive in the order they were sent. */
  private soon(envelope: Envelope): void {
    this.flying += 1
    this.ready.push(envelope)
    if (this.flushing) return
    this.flushing = true
    this.clock.after(0, () => {
      const batch = this.ready
      this.ready = []
      this.flushing = false
      for (const waiting of batch) this.deliver(waiting)
    })
  }

  private deliver(envelope: Envelope): void {
    this.flying -= 1
    const member = this.members.get(envelope.to)
    if (member === undefined || !this.members.has(envelope.from)) return
    if (member.held === undefined) for (const handler of member.handlers) void handler(envelope.from, envelope.message)
    else if (member.held.length < MAX_HELD_MESSAGES) member.held.push(envelope)
  }

  private release(member: Member): void {
    const { held = [] } = member
    member.held = undefined
    for (const envelope of held) this.soon(envelope)
  }
}

/** A network of peers in one process, full mesh. Delays, losses and partitions are the policy's decision. */
export function createMemoryNetwork(options: { readonly clock: Clock; readonly policy?: LinkPolicy }): MemoryNetwork {
  return new Network(options.clock, options.policy ?? AT_ONCE)
}
