import type { HexText } from './bytes.ts'

const WINDOW_ROUNDS = 5
const quorum = (count: number): number => Math.floor((2 * count) / 3) + 1

interface Seen {
  readonly producer: HexText
  readonly height: number
  readonly generated: number
  readonly members: ReadonlySet<HexText>
  readonly prevotes: Set<HexText>
  readonly precommits: Set<HexText>
}

interface NewestHeader {
  readonly height: number
  readonly generated: number
  readonly prevoted: number
}

/** Votes of headers by the requirements DPOS-VOTE, kept as plain sets of names. Index = height. */
export class VoteCount {
  prevoted = 0
  finalized = 0
  private lowest = 1
  private readonly newest = new Map<HexText, NewestHeader>()
  private readonly chain: (Seen | undefined)[] = [undefined]
  private readonly committed = new Map<HexText, number>()

  /** DPOS-VOTE-6: why no honest producer signs this header after its newest one on this chain; nothing when one may. */
  contradiction(header: NewestHeader & { readonly producer: HexText }): string | undefined {
    const newest = this.newest.get(header.producer)
    if (newest === undefined) return undefined
    const keys = [newest, header].map(({ generated, prevoted, height }) => [generated, prevoted, height] as const)
    const [a, b] = keys as [readonly [number, number, number], readonly [number, number, number]]
    const newestFirst = a[0] !== b[0] ? a[0] < b[0] : a[1] !== b[1] ? a[1] < b[1] : a[2] <= b[2]
    const [earlier, later] = newestFirst ? [newest, header] : [header, newest]
    if (earlier.height > later.generated) return `hides the height ${earlier.height}`
    if (earlier.prevoted > later.prevoted) return 'goes back behind what was prevoted'
    return earlier.prevoted === later.prevoted && earlier.height >= later.height ? 'does not go on' : undefined
  }

  /** Counts one more header of the chain; `members` are the producers of its term. */
  add(header: NewestHeader & { readonly producer: HexText }, members: ReadonlySet<HexText>): void {
    const { producer, height, generated } = header
    this.newest.set(producer, header)
    // What has left the window never comes back, also when a later term has more members.
    this.lowest = Math.max(this.lowest, this.finalized + 1, height - WINDOW_ROUNDS * (members.size + 1) + 1)
    const { lowest } = this
    // DPOS-VOTE-5: who is neither in the list nor in the window is forgotten.
    for (const [name, one] of this.newest) {
      if (members.has(name) || one.height >= lowest) continue
      this.newest.delete(name)
      this.committed.delete(name)
    }
    this.chain[height] = { producer, height, generated, members, prevotes: new Set(), precommits: new Set() }
    if (generated < height) this.vote(producer, height, lowest)
    this.prevoted = this.highest(this.prevoted, height, lowest, (seen) => seen.prevotes.size)
    this.finalized = this.highest(this.finalized, height, lowest, (seen) => seen.precommits.size)
  }

  private vote(producer: HexText, height: number, lowest: number): void {
    const generated = this.chain[height]?.generated ?? 0
    const above = Math.max(this.committed.get(producer) ?? 0, this.linkedDownTo(producer, height, lowest))
    for (let at = lowest; at <= height; at += 1) {
      const seen = this.chain[at]
      if (seen === undefined || !seen.members.has(producer)) continue
      if (at > above && seen.prevotes.size >= quorum(seen.members.size)) {
        seen.precommits.add(producer)
        this.committed.set(producer, at)
      }
      if (at > generated) seen.prevotes.add(producer)
    }
  }

  /** How far down the producer's blocks follow each other on this chain, exclusive. */
  private linkedDownTo(producer: HexText, height: number, lowest: number): number {
    let at = height
    for (;;) {
      const down = this.chain[at]?.generated ?? 0
      if (down < lowest) return lowest - 1
      const below = this.chain[down]
      if (below === undefined || below.producer !== producer || below.generated >= below.height) return down
      at = down
    }
  }

  private highest(least: number, top: number, lowest: number, count: (seen: Seen) => number): number {
    for (let at = top; at > least && at >= lowest; at -= 1) {
      const seen = this.chain[at]
      if (seen !== undefined && count(seen) >= quorum(seen.members.size)) return at
    }
    return least
  }
}
