/** Memory for numbers while an update is worked out. */
type Scratch = Int32Array<ArrayBuffer>

const FIRST_LENGTH = 1024

function withLength(scratch: Scratch, length: number): Scratch {
  const next = new Int32Array(length > 2 * scratch.length ? length : 2 * scratch.length)
  next.set(scratch)
  return next
}

/**
 * The nodes that changes pass by, level by level from the top: so that the memory of one need not have arrived before the next is asked for.
 * A step is a node with the changes below it, of which at least one is.
 */
export class Steps {
  nodes: Scratch = new Int32Array(FIRST_LENGTH)
  /** Changes of a step: from here up to the other. */
  froms: Scratch = new Int32Array(FIRST_LENGTH)
  tos: Scratch = new Int32Array(FIRST_LENGTH)
  /** Four times the first step on the next level, and which children have one: see `SIDES`. Zero where a change has arrived. */
  below: Scratch = new Int32Array(FIRST_LENGTH)
  /** The child without a step where there is one. Where a change has arrived, what it does: see `ARRIVED`. */
  beside: Scratch = new Int32Array(FIRST_LENGTH)
  /** The node after the changes. */
  after: Scratch = new Int32Array(FIRST_LENGTH)

  makeRoom(length: number): void {
    if (length <= this.nodes.length) return
    this.nodes = withLength(this.nodes, length)
    this.froms = withLength(this.froms, length)
    this.tos = withLength(this.tos, length)
    this.below = withLength(this.below, length)
    this.beside = withLength(this.beside, length)
    this.after = withLength(this.after, length)
  }
}

export const SIDES = { left: 1, right: 2, both: 3 } as const
export const ARRIVED = { adds: 1, replaces: 2, removes: 3, findsNothing: 4 } as const
