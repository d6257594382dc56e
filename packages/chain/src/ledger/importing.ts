import type { Block } from '#kernel'
import type { BatchResult, BlockNode, CheckedBlock, ImportResult } from './types.ts'

/** Blocks, and transactions, after which those checked so far are written while the next ones are executed. */
const PART_BLOCKS = 64
const PART_TRANSACTIONS = 2048

interface Steps<S> {
  isKnown(block: Block): boolean
  /** Checks and executes a block, which may follow the last one that was. */
  check(block: Block, last: BlockNode<S> | undefined): Promise<CheckedBlock<S>>
  /** Writes blocks, and adopts them when that is done. */
  commit(checked: readonly CheckedBlock<S>[]): Promise<ImportResult<S>>
}

/** What two moves of the chain come to, one after the other. */
function joined<S>(first: ImportResult<S>, then: ImportResult<S>): ImportResult<S> {
  const stayed = first.added.filter((node) => !then.removed.includes(node))
  return {
    status: 'imported',
    nodes: [...first.nodes, ...then.nodes],
    headChanged: first.headChanged || then.headChanged,
    removed: [...then.removed.filter((node) => !first.added.includes(node)), ...first.removed],
    added: [...stayed, ...then.added],
    finalized: [...first.finalized, ...then.finalized],
  }
}

/**
 * Imports blocks that follow each other, part by part: one part is written while the next is executed on top of it, which is adopted only
 * after the first. A write that fails takes with it what was executed on top of what it should have written.
 */
export class Importing<S> {
  private readonly steps: Steps<S>
  private result: ImportResult<S> | undefined
  private refused: BatchResult<S>['refused']
  private part: CheckedBlock<S>[] = []
  private transactions = 0
  /** The part that is being written. */
  private written: Promise<boolean> = Promise.resolve(true)

  constructor(steps: Steps<S>) {
    this.steps = steps
  }

  /** Rejects when nothing could be written; otherwise the first block that is not imported is named. */
  async run(blocks: readonly Block[]): Promise<BatchResult<S>> {
    let last: BlockNode<S> | undefined
    for (const block of blocks) {
      if (this.steps.isKnown(block)) continue
      try {
        const checked = await this.steps.check(block, last)
        this.part.push(checked)
        last = checked.node
      } catch (error) {
        this.refused = { block, error }
        break
      }
      this.transactions += block.transactions.length
      if (this.part.length < PART_BLOCKS && this.transactions < PART_TRANSACTIONS) continue
      if (!(await this.writePart())) break
    }
    await this.writePart()
    await this.written
    const { result, refused } = this
    return refused === undefined ? { result } : { result, refused }
  }

  /** Begins to write the part once the one before is written; says whether that was. */
  private async writePart(): Promise<boolean> {
    const { part } = this
    const [first] = part
    this.part = []
    this.transactions = 0
    if (!(await this.written)) return false
    if (first === undefined) return true
    const block = first.node.body?.block
    this.written = this.steps.commit(part).then(
      (done) => {
        this.result = this.result === undefined ? done : joined(this.result, done)
        return true
      },
      (error: unknown) => {
        if (this.result === undefined || block === undefined) throw error
        this.refused = { block, error }
        return false
      },
    )
    // Whoever waits for it hears of it.
    this.written.catch(() => undefined)
    return true
  }
}
