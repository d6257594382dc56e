import type { Hash } from '#primitives'
import type { SignedEntry } from './signedLog.ts'

/** A node that was under no fault for so many heights had every chance to get a transaction into the chain. */
const FREE_HEIGHTS = 10
/** Excused promises that a run may have, and how many of a long one. */
const FEW_EXCUSES = 2
const EXCUSED_SHARE = 0.002
const SHOWN_EXCUSES = 20

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
  readonly rule:
    | 'lost'
    | 'reverted'
    | 'forked'
    | 'signedTwice'
    | 'ended'
    | 'repair'
    | 'noProgress'
    | 'countedTwice'
    | 'excused'
  readonly detail: string
}

/** What all nodes together promised and showed, kept outside of them. */
export class Ledger {
  /** Signed and sent, not yet settled, with the last height at which each may be included. */
  readonly sent: Map<Hash, number> = new Map()
  /** All that was ever sent. */
  readonly own: Set<string> = new Set()
  /** Of those, the ones a node answered for. */
  readonly acknowledged: Map<Hash, Acknowledgement> = new Map()
  /** Settled so far. */
  readonly settled: { sent: number; acknowledged: number; included: number; excused: number } = {
    sent: 0,
    acknowledged: 0,
    included: 0,
    excused: 0,
  }
  /** The first promises that were excused, for who wants to know why. */
  readonly excuses: string[] = []
  readonly breaches: Breach[] = []
  /** Irreversible blocks by height, as the first node to show one had it. */
  readonly finalized: Map<string, { readonly hash: Hash; readonly node: string }> = new Map()
  /** Transactions in irreversible blocks, and the height up to which blocks were read. */
  readonly inChain: Set<string> = new Set()
  readUntil = 0
  readonly troubles: Trouble[] = []
  headers = 0
  /** Headers that nodes told of by themselves. */
  events = 0
  private readonly signed = new Map<string, Hash>()
  private readonly recorded = new Map<string, Hash>()

  sends(id: Hash, lastHeight: number): void {
    this.sent.set(id, lastHeight)
    this.own.add(id)
  }

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

  /** An entry of a key's own record. A slot has one digest, whether anybody saw its block or not. */
  records({ producer, slot, digest }: SignedEntry): void {
    const place = `${producer}/${slot}`
    const before = this.recorded.get(place)
    if (before === undefined) this.recorded.set(place, digest)
    else if (before !== digest)
      this.breach('signedTwice', `${producer} has on record ${before} and ${digest} for slot ${slot}`)
  }

  /** Slots that were on record at some time. */
  recordedSlots(): number {
    return this.recorded.size
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

  /** Closes the account of one transaction, which is in the chain or never will be. */
  close(id: Hash, included: boolean): void {
    const promise = this.acknowledged.get(id)
    this.sent.delete(id)
    this.acknowledged.delete(id)
    this.settled.sent += 1
    if (promise !== undefined) this.settled.acknowledged += 1
    if (included) this.settled.included += 1
    if (included || promise === undefined) return
    const free = this.freeHeights(promise)
    const { node, height, lastHeight } = promise
    if (free < FREE_HEIGHTS) {
      this.settled.excused += 1
      if (this.excuses.length < SHOWN_EXCUSES)
        this.excuses.push(
          `${id}, acknowledged by ${node} at height ${height}, had ${free} quiet heights until ${lastHeight}`,
        )
    } else {
      this.breach(
        'lost',
        `${id}, acknowledged by ${node} at height ${height}, had ${free} quiet heights until ${lastHeight}`,
      )
    }
  }

  /** Excuses are for the rare transaction; a run that needs many of them shows nothing. */
  checkExcuses(): void {
    const { excused, acknowledged } = this.settled
    if (excused > Math.max(FEW_EXCUSES, acknowledged * EXCUSED_SHARE))
      this.breach('excused', `${excused} of ${acknowledged} promises were not kept and excused by faults`)
  }

  /** The receiver's units at a height up to which all blocks were read, against the transfers there. */
  checkCount(units: bigint): void {
    let transfers = 0n
    for (const id of this.inChain) if (this.own.has(id)) transfers += 1n
    if (units !== transfers)
      this.breach('countedTwice', `the receiver has ${units}, the chain holds ${transfers} transfers`)
  }
}
