import { decodeHeaderData, isDoubleMining, type VoteHeader, votesContradict } from '#consensus/dpos'
import { type Block, encodeHeader, type SignedHeader } from '#kernel'
import type { Ledger } from '#ledger'
import type { NodeEvent } from '#node'
import { type Bytes, bytesToHex, type Hash, type Hex } from '#primitives'
import type { Probes } from './report.ts'

type Chain = Pick<Ledger<never, never>, 'node'>

/** Two signed headers for one slot. */
export interface Evidence {
  readonly producer: string
  readonly headers: readonly [Hex, Hex]
}

/** A header a machine has let go, with what it says about votes. */
interface Made {
  readonly header: SignedHeader
  readonly vote: VoteHeader
}

/** Everything one key has let go. */
class Work {
  readonly all: Made[] = []
  private readonly hashes = new Set<Hash>()
  private readonly slots = new Map<bigint, Made[]>()

  has(hash: Hash): boolean {
    return this.hashes.has(hash)
  }

  inSlot(slot: bigint): readonly Made[] {
    return this.slots.get(slot) ?? []
  }

  add(made: Made): void {
    const { hash, slot } = made.header
    this.all.push(made)
    this.hashes.add(hash)
    this.slots.set(slot, [...this.inSlot(slot), made])
  }
}

export interface ObserverOptions {
  readonly probes: Probes
  decode(bytes: Bytes): Block
  fail(rule: string, detail: string): void
}

/** Watches from outside what machines say and decide, while it happens. */
export class Observer {
  readonly evidence: Evidence[] = []
  private readonly options: ObserverOptions
  private readonly decided = new Map<bigint, Hash>()
  private readonly made = new Map<string, Work>()
  private readonly finalOf = new Map<string, bigint>()
  /** Machines that lost blocks they had voted with. */
  private readonly poor = new Set<string>()

  constructor(options: ObserverOptions) {
    this.options = options
  }

  /** Highest irreversible height a machine ever reported. */
  finalHeight(machine: string): bigint {
    return this.finalOf.get(machine) ?? 0n
  }

  /**
   * A machine lost what it had: what it said before binds the others only. It may make a block that is worse than one it made before,
   * which says how high that one was, so that it votes for nothing below (DPOS-VOTE-2); it never makes two for a slot. Where everybody
   * hears everybody, its watch keeps it even from the former.
   */
  forget(machine: string, { watched }: { readonly watched: boolean }): void {
    this.finalOf.delete(machine)
    if (!watched) this.poor.add(machine)
  }

  decidedHash(height: bigint): Hash | undefined {
    return this.decided.get(height)
  }

  /** Newest irreversible height of anybody. */
  highestDecided(): bigint {
    return BigInt(this.decided.size)
  }

  /** A block a machine made leaves it. Honest keys never sign two that contradict each other. */
  published(message: Bytes, by: { readonly machine: string; readonly honest: boolean }): Block {
    const block = this.options.decode(message.subarray(5))
    const { header } = block
    let before = this.made.get(header.producer)
    if (before === undefined) this.made.set(header.producer, (before = new Work()))
    if (before.has(header.hash)) return block
    const made = { header, vote: voteOf(header) }
    for (const { header: other } of before.inSlot(header.slot)) {
      if (isDoubleMining(other, header)) {
        this.evidence.push({
          producer: header.producer,
          headers: [bytesToHex(encodeHeader(other)), bytesToHex(encodeHeader(header))],
        })
      }
    }
    const bound = by.honest ? (this.poor.has(by.machine) ? before.inSlot(header.slot) : before.all) : []
    const broken = bound.find(({ header: { slot }, vote }) => slot === header.slot || votesContradict(vote, made.vote))
    if (broken !== undefined) {
      const { height, slot } = broken.header
      const text = `${by.machine} signed heights ${height} (slot ${slot}) and ${header.height} (slot ${header.slot})`
      this.options.fail('doubleSign', text)
    }
    before.add(made)
    return block
  }

  /** An event of an honest machine. */
  saw(machine: string, chain: Chain, event: NodeEvent): void {
    const { probes } = this.options
    if (event.kind === 'head' && event.removed.length > 0) {
      probes.hit(event.removed.length >= 3 ? 'reorg depth 3+' : `reorg depth ${event.removed.length}`)
      if (event.removed.length >= 20) probes.hit('reorg depth 20+')
    }
    if (event.kind === 'finalized') this.finalised(machine, chain, event.header)
  }

  /** Every height that has become irreversible, on any machine, has one block for ever. */
  finalised(machine: string, chain: Chain, newest: SignedHeader): void {
    const known = this.finalHeight(machine)
    if (newest.height < known) this.options.fail('finalityFell', `${machine} went from ${known} to ${newest.height}`)
    let node = chain.node(newest.hash)
    for (; node !== undefined && node.header.height > 0n; node = node.parent) {
      const { height, hash } = node.header
      const decided = this.decided.get(height)
      if (decided === undefined) this.decided.set(height, hash)
      else if (decided !== hash)
        this.options.fail(
          'agreement',
          `${machine} holds ${hash.slice(0, 10)} for irreversible at ${height}, others ${decided.slice(0, 10)}`,
        )
      if (height <= known) break
    }
    this.finalOf.set(machine, newest.height)
  }
}

function voteOf({ producer, height, consensus }: SignedHeader): VoteHeader {
  const { prevotedHeight, generatedHeight } = decodeHeaderData(consensus)
  return { producer, height, prevotedHeight, generatedHeight }
}
