import type { Hash } from '#primitives'

/** An answer of a node that it has a transaction. */
export interface Acknowledgement {
  readonly id: Hash
  readonly node: string
  readonly timeMs: number
  /** Head of the node that answered. */
  readonly height: number
  /** Last height at which the transaction may be included. */
  readonly lastHeight: number
}

/** A header as a node showed it. */
export interface SeenHeader {
  readonly node: string
  readonly producer: string
  readonly slot: string
  readonly height: string
  readonly hash: Hash
}

/** Time in which a node was under a fault, in heights of the network. */
export interface Trouble {
  readonly node: string
  readonly from: number
  to: number
}

/** A promise that was broken. */
export interface Breach {
  readonly rule: 'lost' | 'reverted' | 'forked' | 'signedTwice' | 'ended' | 'repair' | 'noProgress' | 'countedTwice'
  readonly detail: string
}

/** What all nodes together promised and showed, kept outside of them. */
export class Ledger {
  /** Signed and sent, not yet settled, with the last height at which each may be included. */
  readonly sent: Map<Hash, number> = new Map()
  /** Of those, the ones a node answered for. */
  readonly acknowledged: Map<Hash, Acknowledgement> = new Map()
  /** Settled so far. */
  readonly settled: { sent: number; acknowledged: number; included: number; excused: number } = {
    sent: 0,
    acknowledged: 0,
    included: 0,
    excused: 0,
  }
  readonly breaches: Breach[] = []
  /** Irreversible blocks by height, as the first node to show one had it. */
  readonly finalized: Map<string, { readonly hash: Hash; readonly node: string }> = new Map()
  /** Transactions in irreversible blocks, and the height up to which blocks were read. */
  readonly inChain: Set<string> = new Set()
  readUntil = 0
  readonly troubles: Trouble[] = []
  headers = 0
  private readonly signed = new Map<string, Hash>()

  breach(rule: Breach['rule'], detail: string): void {
    this.breaches.push({ rule, detail })
  }

  saw({ node, producer, slot, height, hash }: SeenHeader): void {
    this.headers += 1
    const place = `${producer}/${slot}`
    const before = this.signed.get(place)
    if (before === undefined) this.signed.set(place, hash)
    else if (before !== hash) {
      this.breach(
        'signedTwice',
        `${producer} signed ${before} and ${hash} for slot ${slot} (height ${height}, seen at ${node})`,
      )
    }
  }

  /** Signatures of different slots that were seen. */
  signatures(): number {
    return this.signed.size
  }

  sawFinalized(node: string, height: string, hash: Hash): void {
    const before = this.finalized.get(height)
    if (before === undefined) this.finalized.set(height, { hash, node })
    else if (before.hash !== hash) {
      const rule = before.node === node ? 'reverted' : 'forked'
      this.breach(rule, `height ${height} is ${before.hash} at ${before.node} and ${hash} at ${node}`)
    }
  }

  begin(node: string, height: number): Trouble {
    const trouble = { node, from: height, to: Number.POSITIVE_INFINITY }
    this.troubles.push(trouble)
    return trouble
  }

  /** Heights between the acknowledgement and the last chance at which its node was under no fault. */
  freeHeights({ node, height: from, lastHeight }: Acknowledgement): number {
    let free = 0
    for (let height = from; height <= lastHeight; height += 1) {
      const troubled = this.troubles.some((one) => one.node === node && one.from <= height && height <= one.to)
      if (!troubled) free += 1
    }
    return free
  }
}
