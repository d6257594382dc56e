import type { Block } from '#kernel'
import type { Ledger } from '#ledger'
import { MAX_RANGE_BLOCKS, type Message } from '#p2p'
import type { Bytes, Cancel, Clock, Conduct, Hash, Verdict } from '#primitives'
import { locatorOf, mayHaveMore } from '#sync'
import type { Decoder } from './decoder.ts'

const REQUEST_TIMEOUT_MS = 5000

export interface GapDeps {
  readonly clock: Clock
  readonly decoder: Pick<Decoder, 'block'>
  readonly ledger: Pick<Ledger<unknown, never>, 'head' | 'finalized' | 'node' | 'hashAt'>
  send(peer: string, message: Message): void
  judge(peer: string, conduct: Conduct): void
  take(peer: string, block: Block, bytes: number): Promise<Verdict>
}

interface Asked {
  readonly id: number
  readonly cancel: Cancel
  readonly from: bigint
}

/** Closes short gaps and forks near the head: whole blocks from the peer that has them, one question to a peer at a time. */
export class Gap {
  private readonly deps: GapDeps
  private readonly asked = new Map<string, Asked>()
  private requestId = 0
  private stopped = false

  constructor(deps: GapDeps) {
    this.deps = deps
  }

  stop(): void {
    this.stopped = true
    for (const { cancel } of this.asked.values()) cancel()
  }

  left(peer: string): void {
    this.asked.get(peer)?.cancel()
    this.asked.delete(peer)
  }

  /**
   * Asks a peer for the way from this node's chain to its head. `reached` is a block on the peer's chain that is here already, from
   * which to go on although it is not on this node's chain.
   */
  async ask(peer: string, reached?: { readonly hash: Hash; readonly height: bigint }): Promise<void> {
    if (this.asked.has(peer) || this.stopped) return
    this.requestId = (this.requestId + 1) >>> 0
    const id = this.requestId
    const cancel = this.deps.clock.after(REQUEST_TIMEOUT_MS, () => {
      this.asked.delete(peer)
      this.deps.judge(peer, 'useless')
    })
    this.asked.set(peer, { id, cancel, from: reached?.height ?? -1n })
    const locator = await locatorOf(this.deps.ledger)
    if (reached !== undefined) locator.unshift(reached.hash)
    this.deps.send(peer, { kind: 'getBlocks', request: id, locator, limit: MAX_RANGE_BLOCKS })
  }

  async take(peer: string, answer: { readonly request: number; readonly blocks: readonly Bytes[] }): Promise<void> {
    const asked = this.asked.get(peer)
    // An answer nobody asked for, or a late one.
    if (asked?.id !== answer.request) return
    asked.cancel()
    this.asked.delete(peer)
    let reached: Block['header'] | undefined
    for (const bytes of answer.blocks) {
      const block = this.deps.decoder.block(bytes)
      const { hash } = block.header
      if (this.deps.ledger.node(hash) === undefined) await this.deps.take(peer, block, bytes.length)
      if (this.deps.ledger.node(hash) !== undefined) reached = block.header
    }
    // The better chain may start further back than one answer holds, and win only with its last block. An answer that leads no
    // further than the question ends it, so that no peer can keep this node asking.
    const further = reached !== undefined && reached.height > asked.from
    if (mayHaveMore(answer.blocks) && further) await this.ask(peer, reached)
  }
}
