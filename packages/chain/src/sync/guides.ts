import { decodeHeaderEntry, type HeaderEntry } from '#kernel'
import { type Address, AelfError, type Bytes } from '#primitives'
import { SyncError } from './errors.ts'
import { HeaderChain } from './headerChain.ts'
import { HEADERS_PER_QUESTION, HEADERS_TIMEOUT_MS, LEAST_FULL_ANSWER, MAX_GUIDES } from './limits.ts'
import type { Opinion } from './opinion.ts'
import type { Asked, Roster } from './roster.ts'
import { locatorOf } from './serve.ts'
import type { SyncPorts } from './types.ts'

export interface GuidesDeps<S> {
  readonly ports: SyncPorts<S>
  readonly roster: Roster
  readonly opinion: Opinion
  /** A chain is to be followed. */
  adopt(chain: HeaderChain<S>): void
  /** Something changed. */
  work(): void
}

type ReadEntry = HeaderEntry | AelfError

interface ReadAnswer {
  readonly peer: string
  readonly read: readonly ReadEntry[]
  /** Who signed, as far as that was found; in the order of `read`. */
  readonly signers: readonly (Address | undefined)[]
}

/** What stands behind something malformed may never be looked at, so that is not thrown yet. */
function readEntry(bytes: Bytes): ReadEntry {
  try {
    return decodeHeaderEntry(bytes)
  } catch (error) {
    if (error instanceof AelfError) return error
    throw error
  }
}

/**
 * Gets headers: asks one peer after the other to show its chain until one proves finality; when none does, the best of a few is taken. The
 * guide of the chain that is followed is asked for its further headers.
 */
export class Guides<S> {
  private readonly deps: GuidesDeps<S>
  /** What a guide is showing, before anything of it is fetched. */
  private draft: HeaderChain<S> | undefined
  private best: HeaderChain<S> | undefined
  /** Guides whose chain proved nothing, in the present comparison. */
  private readonly tried = new Set<string>()
  /** Who is asked now, or whose answer is being read. */
  private showing: string | undefined
  /** An answer whose signers are looked for. */
  private reading: readonly ReadEntry[] | undefined

  constructor(deps: GuidesDeps<S>) {
    this.deps = deps
  }

  shown(): HeaderChain<S> | undefined {
    return this.draft
  }

  /** Who is asked for headers now. */
  asked(): string | undefined {
    return this.showing
  }

  /** Asks for the next headers: of the chain that is followed, or of a peer that says it has more than `above`. */
  ask(chain: HeaderChain<S> | undefined, above: bigint): void {
    if (this.showing !== undefined) return
    const { roster } = this.deps
    if (chain !== undefined) {
      if (chain.chosen || chain.ended || chain.isFull(HEADERS_PER_QUESTION)) return
      if (roster.isResting(chain.guide)) chain.ended = true
      else if (roster.isFree(chain.guide)) this.question(chain.guide, chain)
    } else if (this.draft !== undefined) {
      if (roster.isFree(this.draft.guide)) this.question(this.draft.guide, this.draft)
      else this.compare(this.draft)
    } else this.askAnother(above)
  }

  private askAnother(above: bigint): void {
    const guide = this.deps.roster.willing(above + 1n).find((peer) => !this.tried.has(peer))
    if (guide !== undefined && this.tried.size < MAX_GUIDES) this.question(guide, undefined)
    else if (this.tried.size > 0) this.choose()
  }

  /** An answer. Its signers are looked for together, on other threads where there are any. `followed` is the chain there is then. */
  take(
    peer: string,
    answer: { readonly request: number; readonly headers: readonly Bytes[] },
    followed: () => HeaderChain<S> | undefined,
  ): void {
    const { roster, opinion, ports, work } = this.deps
    const asked = roster.answered(peer, answer.request, 'headers')
    if (asked === undefined || this.showing !== peer) return
    if (answer.headers.length > HEADERS_PER_QUESTION) {
      opinion.lied(peer, 'More headers than were asked for')
      this.silent(peer, followed())
      return
    }
    const read = answer.headers.map(readEntry)
    this.reading = read
    // What is malformed ends the answer, so those before it keep their places.
    const headers = read.flatMap((one) => (one instanceof AelfError ? [] : [one.header]))
    const go = (signers: readonly (Address | undefined)[]): void => {
      if (this.reading !== read) return
      this.reading = undefined
      this.showing = undefined
      this.takeRead(asked, { peer, read, signers }, followed())
      work()
    }
    // Whoever cannot be found together is looked for one by one.
    const found = ports.signersOf(headers, { ahead: followed() !== undefined }).then(go, () => go([]))
    found.catch((error: unknown) => {
      ports.logger.error('Headers could not be taken', { peer, reason: String(error) })
    })
  }

  private takeRead(asked: Asked, answer: ReadAnswer, chain: HeaderChain<S> | undefined): void {
    const { peer } = answer
    const shown = chain ?? this.draft
    if (shown !== undefined && shown.guide !== peer) return
    const followed = this.follow(answer, shown)
    if (followed === undefined) this.nothing(peer, undefined)
    else {
      if (followed.added > 0) this.deps.roster.succeeded(peer, asked)
      this.weigh(followed.chain, followed.added)
    }
  }

  /** A peer that is asked left, or did not answer in time. */
  silent(peer: string, chain?: HeaderChain<S>): void {
    if (this.showing !== peer) return
    this.stop()
    const shown = chain ?? this.draft
    this.nothing(peer, shown?.guide === peer ? shown : undefined)
  }

  /** Expects no answer any more. */
  stop(): void {
    this.showing = undefined
    this.reading = undefined
  }

  forget(): void {
    this.draft = undefined
    this.best = undefined
    this.tried.clear()
  }

  private question(guide: string, chain: HeaderChain<S> | undefined): void {
    const { roster, opinion } = this.deps
    this.showing = guide
    const question = { kind: 'headers', hashes: [], timeoutMs: HEADERS_TIMEOUT_MS } as const
    const request = roster.ask(guide, question, () => {
      opinion.useless(guide)
      this.silent(guide, chain)
      this.deps.work()
    })
    this.send(guide, request, chain).catch((error: unknown) => {
      this.deps.ports.logger.error('A peer could not be asked for headers', { peer: guide, reason: String(error) })
    })
  }

  private async send(guide: string, request: number, chain: HeaderChain<S> | undefined): Promise<void> {
    const { ledger, ask } = this.deps.ports
    const known = await locatorOf(ledger)
    const locator = chain === undefined ? known : [chain.tip().header.hash, ...known]
    if (this.showing === guide) ask(guide, { kind: 'getHeaders', request, locator, limit: HEADERS_PER_QUESTION })
  }

  /** Nothing more comes of a guide: its chain ends, and it is not asked again in this comparison. */
  private nothing(guide: string, shown: HeaderChain<S> | undefined): void {
    this.tried.add(guide)
    if (shown === undefined) return
    shown.ended = true
    if (shown === this.draft) this.compare(shown)
  }

  /**
   * Verifies headers onto a chain. Ends early, without blame, where they do not follow: an honest peer may have changed its mind
   * between two of them. Undefined when there is no chain to go on with.
   */
  private follow(
    { peer: guide, read, signers }: ReadAnswer,
    shown: HeaderChain<S> | undefined,
  ): { chain: HeaderChain<S>; added: number } | undefined {
    const { ports, opinion } = this.deps
    let chain = shown
    let added = 0
    try {
      for (const [index, entry] of read.entries()) {
        if (entry instanceof AelfError) throw entry
        const { header } = entry
        if (opinion.isRefused(header.hash)) throw new SyncError('sync.badBlock', 'A block that was refused before')
        if (header.slot > ports.nowSlot()) break
        chain ??= this.begin(guide, entry)
        if (chain === undefined || header.parentHash !== chain.tip().header.hash) break
        chain.extend(entry, ports.nowSlot(), signers[index])
        added += 1
      }
    } catch (error) {
      if (!(error instanceof AelfError)) throw error
      opinion.lied(guide, error.message, error.code)
      if (chain !== undefined) chain.ended = true
      return chain === undefined ? undefined : { chain, added: 0 }
    }
    if (chain === undefined) opinion.useless(guide)
    return chain === undefined ? undefined : { chain, added }
  }

  /** A new chain from a block of the ledger that can still be built on. */
  private begin(guide: string, { header }: HeaderEntry): HeaderChain<S> | undefined {
    const { ledger, engine, checkHeader } = this.deps.ports
    const base = ledger.node(header.parentHash)
    if (base?.state === undefined || base.header.height < ledger.finalized().header.height) return undefined
    this.draft = new HeaderChain(guide, { header: base.header, state: base.state }, { engine, checkHeader })
    return this.draft
  }

  private weigh(chain: HeaderChain<S>, added: number): void {
    const { ports, roster, opinion } = this.deps
    const { guide } = chain
    if (added < LEAST_FULL_ANSWER) chain.ended = true
    roster.showed(guide, chain.tip().header.height)
    // It said that it has much more than it shows.
    const short = chain.ended && roster.claimOf(guide) > chain.tip().header.height + BigInt(LEAST_FULL_ANSWER)
    if (short && !roster.isResting(guide)) opinion.useless(guide)
    if (chain !== this.draft) return
    const { ledger } = ports
    if (chain.provesMore(ledger.finalized().header.height, (hash) => ledger.node(hash) !== undefined)) {
      this.forget()
      this.deps.adopt(chain)
    } else if (chain.ended || chain.isFull(HEADERS_PER_QUESTION)) this.compare(chain)
  }

  private compare(draft: HeaderChain<S>): void {
    this.draft = undefined
    this.tried.add(draft.guide)
    if (draft.headers().length === 0) return
    const { engine } = this.deps.ports
    if (this.best === undefined || engine.choose(draft.tip(), this.best.tip()) < 0) this.best = draft
  }

  /** No guide is left to compare with: the best chain is taken, when it is better than what is here. */
  private choose(): void {
    const { best } = this
    const { roster, ports } = this.deps
    const here = { header: ports.ledger.head().header, state: ports.ledger.headState() }
    const better = best !== undefined && ports.engine.choose(best.tip(), here) < 0
    for (const guide of this.tried) if (!better || guide !== best?.guide) roster.failed(guide)
    this.forget()
    if (!better) return
    best.chosen = true
    this.deps.adopt(best)
  }
}
