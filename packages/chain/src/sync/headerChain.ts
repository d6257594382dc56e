import type { ConsensusEngine, Head } from '#consensus'
import type { HeaderEntry, SignedHeader } from '#kernel'
import type { Address, Hash } from '#primitives'
import { SyncError } from './errors.ts'
import { MAX_AHEAD } from './limits.ts'

type Engine<S> = Pick<ConsensusEngine<S, never>, 'validate' | 'apply' | 'finalise'>

interface Rules<S> {
  readonly engine: Engine<S>
  checkHeader(header: SignedHeader, parent: SignedHeader): void
}

/**
 * Headers of one guide that follow a block of the ledger, each verified as far as headers go: place, producer, reveal, votes,
 * signature, and the producer list where one is committed to. Only the newest state is kept.
 */
export class HeaderChain<S> {
  readonly guide: string
  /** The guide has no more, or is not asked any more. */
  ended = false
  /** Chosen although its headers prove no finality: the best of what several guides showed. */
  chosen = false
  private readonly rules: Rules<S>
  private newest: Head<S>
  private waiting: SignedHeader[] = []

  constructor(guide: string, base: Head<S>, rules: Rules<S>) {
    this.guide = guide
    this.newest = base
    this.rules = rules
  }

  tip(): Head<S> {
    return this.newest
  }

  /** Verified headers whose blocks have not been imported, oldest first. */
  headers(): readonly SignedHeader[] {
    return this.waiting
  }

  isFull(room: number): boolean {
    return this.waiting.length > MAX_AHEAD - room
  }

  /** The height these headers alone make irreversible. */
  provenHeight(): bigint {
    return this.rules.engine.finalise(this.newest.state).finalized
  }

  /** Whether they make a block irreversible that is above what is decided and not here yet: only then does following them lead on. */
  provesMore(decided: bigint, isHere: (hash: Hash) => boolean): boolean {
    const proven = this.provenHeight()
    const top = this.waiting.findLast((header) => header.height <= proven)
    return top !== undefined && top.height > decided && !isHere(top.hash)
  }

  /** The height up to which blocks may be fetched. */
  importableHeight(): bigint {
    return this.chosen ? this.newest.header.height : this.provenHeight()
  }

  /** Verifies and adds the next header, whose signer may be known already. Throws an AelfError that says what is wrong with it. */
  extend({ header, producers }: HeaderEntry, nowSlot: bigint, signer?: Address): void {
    const { engine, checkHeader } = this.rules
    const parent = this.newest
    if (header.parentHash !== parent.header.hash)
      throw new SyncError('sync.header', 'A header does not follow the last')
    checkHeader(header, parent.header)
    const broken = engine.validate(parent.state, header, { nowSlot, signer })
    if (broken !== undefined) throw broken
    const state = engine.apply(parent.state, header, producers === undefined ? {} : { producers })
    this.newest = { header, state }
    this.waiting.push(header)
  }

  /** Takes out the oldest header; its block is in the ledger. */
  advance(): void {
    this.waiting.shift()
  }

  contains(hash: Hash): boolean {
    return this.waiting.some((header) => header.hash === hash)
  }
}
