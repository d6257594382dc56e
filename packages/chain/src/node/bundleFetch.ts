import { bundleHash } from '#collection'
import { MAX_BUNDLE_PART_BYTES, type Message } from '#p2p'
import type { Bytes, Cancel, Clock, Conduct, Hash, Logger } from '#primitives'

/** Peers that are asked at the same time. */
const PARALLEL = 3
/** How long a peer may take for one part. */
const PART_MS = 5000
/** All peers together: what waits for the bundle waits no longer than this. */
const PATIENCE_MS = 30_000
/** After nobody had it, nobody is asked again for a while. */
const REST_MS = 3000

export interface BundleFetchDeps {
  readonly clock: Clock
  readonly logger: Logger
  peers(): readonly string[]
  send(peer: string, message: Message): void
  judge(peer: string, conduct: Conduct): void
}

type Part = Omit<Extract<Message, { kind: 'bundle' }>, 'kind' | 'request'>

interface Asked {
  readonly peer: string
  answer(part: Part | undefined): void
}

/** Fetches bundles from peers by their hash: nobody can give another one for it. */
export class BundleFetch {
  private readonly deps: BundleFetchDeps
  private readonly asked = new Map<number, Asked>()
  private request = 0
  /** Whom to begin with: not always with the same peers, who may have nothing. */
  private turn = 0
  private resting: { readonly hash: Hash; readonly untilMs: number } | undefined
  private stopped = false

  constructor(deps: BundleFetchDeps) {
    this.deps = deps
  }

  stop(): void {
    this.stopped = true
    for (const { answer } of [...this.asked.values()]) answer(undefined)
  }

  left(peer: string): void {
    for (const asked of [...this.asked.values()]) if (asked.peer === peer) asked.answer(undefined)
  }

  /** The bundle of that hash; undefined when no peer gives it in time. */
  async fetch(hash: Hash): Promise<Bytes | undefined> {
    const { clock, logger } = this.deps
    if (this.resting?.hash === hash && clock.now() < this.resting.untilMs) return undefined
    const queue = this.inTurn()
    let found: Bytes | undefined
    let late = false
    const cancel = clock.after(PATIENCE_MS, () => {
      late = true
    })
    const ask = async (): Promise<void> => {
      for (let peer = queue.shift(); peer !== undefined; peer = queue.shift()) {
        if (found !== undefined || late || this.stopped) return
        const bytes = await this.from(peer, hash)
        found ??= bytes
        if (found !== undefined) return
      }
    }
    await Promise.all(Array.from({ length: PARALLEL }, ask))
    cancel()
    if (found === undefined) this.resting = { hash, untilMs: clock.now() + REST_MS }
    else logger.info('A bundle came from a peer', { collection: hash, bytes: found.length })
    return found
  }

  /** Answers nobody asked for, or late ones, are passed over. */
  take(peer: string, { request, size, part }: Extract<Message, { kind: 'bundle' }>): void {
    const asked = this.asked.get(request)
    if (asked?.peer === peer) asked.answer({ size, part })
  }

  private inTurn(): string[] {
    const peers = this.deps.peers()
    const from = peers.length === 0 ? 0 : this.turn % peers.length
    this.turn += PARALLEL
    return [...peers.slice(from), ...peers.slice(0, from)]
  }

  private async from(peer: string, hash: Hash): Promise<Bytes | undefined> {
    const first = await this.part(peer, hash, 0)
    if (first === undefined || first.size === 0) return undefined
    const bytes = new Uint8Array(first.size)
    let at = 0
    for (let index = 0; at < bytes.length; index += 1) {
      const answer = index === 0 ? first : await this.part(peer, hash, index)
      if (answer === undefined) return undefined
      const length = Math.min(MAX_BUNDLE_PART_BYTES, bytes.length - at)
      if (answer.size !== bytes.length || answer.part.length !== length) return this.lied(peer, hash)
      bytes.set(answer.part, at)
      at += length
    }
    return bundleHash(bytes) === hash ? bytes : this.lied(peer, hash)
  }

  private lied(peer: string, hash: Hash): undefined {
    this.deps.logger.warn('A peer gave something else than the bundle it was asked for', { peer, collection: hash })
    this.deps.judge(peer, 'invalid')
    return undefined
  }

  private part(peer: string, hash: Hash, part: number): Promise<Part | undefined> {
    if (this.stopped) return Promise.resolve(undefined)
    this.request = (this.request + 1) >>> 0
    const { request } = this
    return new Promise((resolve) => {
      let cancel: Cancel = () => undefined
      const answer = (given: Part | undefined): void => {
        cancel()
        this.asked.delete(request)
        resolve(given)
      }
      cancel = this.deps.clock.after(PART_MS, () => {
        this.deps.judge(peer, 'useless')
        answer(undefined)
      })
      this.asked.set(request, { peer, answer })
      this.deps.send(peer, { kind: 'getBundle', request, hash, part })
    })
  }
}
