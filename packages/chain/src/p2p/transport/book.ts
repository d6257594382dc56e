import type { Clock, Rng } from '#primitives'
import { isPlausible, type PeerAddress, type Place, parsePeerAddress, placeOf } from './addresses.ts'
import { pick, waitMs } from './chance.ts'
import {
  MAX_ADDRESSES_PER_PEER,
  MAX_NEW_FAILURES,
  MAX_NEW_PEERS,
  MAX_PEERS_PER_SOURCE,
  MAX_TRIED_FAILURES,
  MAX_TRIED_PEERS,
} from './limits.ts'

/** What is known of a peer that may be dialed. */
export interface BookEntry {
  readonly id: string
  addresses: string[]
  /** Group of neighbours of who told of it. */
  readonly source: string
  /** Was reached once. */
  tried: boolean
  /** This node kept a connection to it when it last stopped. */
  anchor: boolean
  lastSeenMs: number
  failures: number
  dueMs: number
}

/** What a chooser of peers to dial has to know. */
export interface Situation {
  isWanted(id: string): boolean
  /** Groups of neighbours to which there are connections of this node's own making. */
  readonly groups: ReadonlySet<string>
}

/**
 * Peers that may be dialed. Those that were reached and those that were only told of have room of their own, so that no flood of
 * names drives out what has proved good; who tells of many has a quota.
 */
export class Book {
  private readonly clock: Clock
  private readonly rng: Rng
  private readonly self: string
  private readonly entries = new Map<string, BookEntry>()

  constructor(self: string, deps: { readonly clock: Clock; readonly rng: Rng }) {
    this.self = self
    this.clock = deps.clock
    this.rng = deps.rng
  }

  size(): { readonly tried: number; readonly fresh: number } {
    const tried = [...this.entries.values()].filter((entry) => entry.tried).length
    return { tried, fresh: this.entries.size - tried }
  }

  get(id: string): Readonly<BookEntry> | undefined {
    return this.entries.get(id)
  }

  all(): readonly Readonly<BookEntry>[] {
    return [...this.entries.values()]
  }

  /** Notes addresses somebody at `from` told of. Names, own addresses and places that cannot be reached from there are left out. */
  learn(texts: readonly string[], from: Place): void {
    for (const text of texts) {
      const found = this.readAddress(text, from)
      // Hearsay adds nothing to what proved good.
      if (found !== undefined && this.entries.get(found.id)?.tried !== true) this.add(found, from.group)
    }
  }

  /** Notes what a peer at `from` told of itself. */
  introduced(id: string, texts: readonly string[], from: Place): void {
    for (const text of texts) {
      const found = this.readAddress(text, from)
      if (found?.id === id) this.add(found, from.group)
    }
  }

  /** A dialed peer answered, and belongs to the network. */
  reached(id: string, address: string): void {
    const now = this.clock.now()
    const before = this.entries.get(id)
    const source = before?.source ?? placeOf(address)?.group ?? ''
    const others = (before?.addresses ?? []).filter((one) => one !== address)
    const addresses = [address, ...others].slice(0, MAX_ADDRESSES_PER_PEER)
    const anchor = before?.anchor ?? false
    this.entries.set(id, { id, addresses, source, tried: true, anchor, lastSeenMs: now, failures: 0, dueMs: 0 })
    this.trimTried()
  }

  failed(id: string): void {
    const entry = this.entries.get(id)
    if (entry === undefined) return
    // The next of its addresses has its turn.
    entry.addresses = [...entry.addresses.slice(1), ...entry.addresses.slice(0, 1)]
    entry.dueMs = this.clock.now() + waitMs(this.rng, entry.failures)
    entry.failures += 1
    if (entry.failures >= (entry.tried ? MAX_TRIED_FAILURES : MAX_NEW_FAILURES)) this.entries.delete(id)
  }

  /** A peer of another network, or that is this node under another name. */
  forget(id: string): void {
    this.entries.delete(id)
  }

  /** Marks the peers to try first after the next start. */
  anchor(ids: ReadonlySet<string>): void {
    for (const entry of this.entries.values()) entry.anchor = ids.has(entry.id)
  }

  restore(entry: BookEntry): void {
    if (entry.id === this.self || this.entries.has(entry.id)) return
    this.entries.set(entry.id, entry)
    if (entry.tried) this.trimTried()
    else this.trimFresh()
  }

  /**
   * Whom to dial next: first those this node was connected to before it stopped; then one from either half by the toss of a
   * coin, from neighbourhoods not connected yet where there are such.
   */
  choose(situation: Situation): PeerAddress | undefined {
    const now = this.clock.now()
    const due = [...this.entries.values()].filter(({ id, dueMs }) => dueMs <= now && situation.isWanted(id))
    const anchors = due.filter(({ anchor, failures }) => anchor && failures === 0)
    const [tried, fresh] = [due.filter((entry) => entry.tried), due.filter((entry) => !entry.tried)]
    const half =
      pick(
        this.rng,
        [tried, fresh].filter((list) => list.length > 0),
      ) ?? []
    const list = anchors.length > 0 ? anchors : half
    const elsewhere = list.filter(({ addresses }) => {
      const place = placeOf(addresses[0] ?? '')
      return place === undefined || place.reach !== 'public' || !situation.groups.has(place.group)
    })
    const chosen = pick(this.rng, elsewhere.length > 0 ? elsewhere : list)
    const address = chosen?.addresses[0]
    return chosen === undefined || address === undefined ? undefined : { id: chosen.id, address }
  }

  private readAddress(text: string, from: Place): PeerAddress | undefined {
    try {
      const found = parsePeerAddress(text)
      const place = placeOf(found.address)
      if (place === undefined || found.id === this.self || !isPlausible(from.reach, place.reach)) return undefined
      return found
    } catch {
      return undefined
    }
  }

  private add({ id, address }: PeerAddress, source: string): void {
    const before = this.entries.get(id)
    if (before !== undefined) {
      if (before.addresses.includes(address) || before.addresses.length >= MAX_ADDRESSES_PER_PEER) return
      before.addresses.push(address)
      return
    }
    const ofSource = [...this.entries.values()].filter((entry) => !entry.tried && entry.source === source)
    if (ofSource.length >= MAX_PEERS_PER_SOURCE) this.dropWorst(ofSource)
    this.entries.set(id, {
      id,
      addresses: [address],
      source,
      tried: false,
      anchor: false,
      lastSeenMs: this.clock.now(),
      failures: 0,
      dueMs: 0,
    })
    this.trimFresh()
  }

  private trimTried(): void {
    const tried = [...this.entries.values()].filter((entry) => entry.tried)
    if (tried.length > MAX_TRIED_PEERS) this.dropWorst(tried)
  }

  /** Who told of most loses one. */
  private trimFresh(): void {
    if (this.entries.size <= MAX_NEW_PEERS) return
    const sources = new Map<string, BookEntry[]>()
    let count = 0
    for (const entry of this.entries.values()) {
      if (entry.tried) continue
      count += 1
      const list = sources.get(entry.source)
      if (list === undefined) sources.set(entry.source, [entry])
      else list.push(entry)
    }
    if (count <= MAX_NEW_PEERS) return
    const [largest] = [...sources.values()].sort((a, b) => b.length - a.length)
    if (largest !== undefined) this.dropWorst(largest)
  }

  /** Most failures go first, then what was seen longest ago; anchors last. */
  private dropWorst(list: readonly BookEntry[]): void {
    const [worst] = [...list].sort(
      (a, b) => Number(a.anchor) - Number(b.anchor) || b.failures - a.failures || a.lastSeenMs - b.lastSeenMs,
    )
    if (worst !== undefined) this.entries.delete(worst.id)
  }
}
