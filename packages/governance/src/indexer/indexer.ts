import type pg from 'pg'
import {
  type CheckpointRow,
  type Database,
  inTransaction,
  pruneUndo,
  readCheckpoint,
  sendSignal,
  undoAbove,
  wipe,
  writeCheckpoint,
} from '#db'
import type { Hash } from '#domain'
import { applyBlock, type Predecessor } from './applyBlock.ts'
import { findCommonHeight, indexedHash } from './chainOfBlocks.ts'
import { IndexerError } from './errors.ts'
import type { ChainSource, SourceBlock, SourceInfo } from './sources/source.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

const BATCH_BLOCKS = 100n

export interface IndexerLogger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
}

export interface IndexerOptions {
  readonly database: Database
  readonly source: ChainSource
  readonly logger: IndexerLogger
  readonly batchBlocks?: number
}

/** What one step did. `idle`: the index has the node's head. */
export type StepResult =
  | { readonly kind: 'applied'; readonly blocks: number; readonly height: bigint }
  | { readonly kind: 'undone'; readonly blocks: number; readonly commonHeight: bigint }
  | { readonly kind: 'wiped'; readonly reason: string }
  | { readonly kind: 'idle'; readonly height: bigint }

/** Moves the index one step towards the node's chain. Only one may write to a database at a time: see `runIndexer`. */
export interface Indexer {
  step(): Promise<StepResult>
}

class ChainIndexer implements Indexer {
  private readonly pool: pg.Pool
  private readonly source: ChainSource
  private readonly logger: IndexerLogger
  private readonly workspace: Workspace
  private readonly batch: bigint
  /** Set between taking blocks back and telling listeners of it. */
  private reorganisedTo: bigint | undefined

  constructor({ database, source, logger, batchBlocks }: IndexerOptions) {
    this.pool = database.pool
    this.source = source
    this.logger = logger
    this.workspace = createWorkspace(database.pool)
    this.batch = batchBlocks === undefined ? BATCH_BLOCKS : BigInt(batchBlocks)
  }

  async step(): Promise<StepResult> {
    try {
      return await this.advance()
    } catch (error) {
      this.workspace.reset()
      throw error
    }
  }

  private async advance(): Promise<StepResult> {
    const info = await this.source.info()
    const checkpoint = await readCheckpoint(this.pool)
    if (checkpoint !== undefined && checkpoint.genesisHash !== info.genesisHash)
      return this.wipeAll('the node serves another chain')
    if (checkpoint !== undefined && checkpoint.hash === info.headHash) return this.settle(checkpoint, info)
    const from = checkpoint === undefined ? 0n : checkpoint.height + 1n
    const to = from + this.batch - 1n < info.height ? from + this.batch - 1n : info.height
    const blocks = from <= to ? await this.source.blocks(from, to) : []
    const [first] = blocks
    if (checkpoint !== undefined && (first === undefined || first.parentHash !== checkpoint.hash))
      return this.undo(checkpoint, info)
    assertLinked(blocks)
    return this.apply(checkpoint, blocks, info)
  }

  private async wipeAll(reason: string): Promise<StepResult> {
    this.logger.warn('the index is emptied and built anew', { reason })
    this.workspace.reset()
    await inTransaction(this.pool, wipe)
    return { kind: 'wiped', reason }
  }

  private async apply(
    checkpoint: CheckpointRow | undefined,
    blocks: readonly SourceBlock[],
    info: SourceInfo,
  ): Promise<StepResult> {
    const last = blocks.at(-1)
    if (last === undefined) throw new IndexerError('index.sourceMoved', 'The node has no block where it said it had')
    const hashes = new Map<bigint, Hash>(blocks.map((block) => [block.height, block.hash]))
    const context = {
      workspace: this.workspace,
      source: this.source,
      times: info,
      hashOf: async (height: bigint) => hashes.get(height) ?? indexedHash(this.pool, height),
    }
    let parent = checkpoint === undefined ? undefined : await predecessor(this.pool, checkpoint.height)
    await preload(this.workspace, blocks)
    for (const block of blocks) {
      this.workspace.beginBlock({
        height: block.height,
        hash: block.hash,
        undoable: block.height > info.finalizedHeight,
      })
      await applyBlock(context, block, parent)
      parent = block
    }
    const next: CheckpointRow = {
      ...(checkpoint ?? { reorganisations: 0, deepestReorganisation: 0 }),
      ...positionOf(info),
      height: last.height,
      hash: last.hash,
      timeMs: last.timeMs,
      lastError: null,
    }
    await inTransaction(this.pool, async (client) => {
      await this.workspace.flush(client)
      await pruneUndo(client, info.finalizedHeight < last.height ? info.finalizedHeight : last.height)
      await writeCheckpoint(client, next)
      await signal(client, next, this.reorganisedTo)
    })
    this.workspace.committed()
    this.reorganisedTo = undefined
    return { kind: 'applied', blocks: blocks.length, height: last.height }
  }

  private async undo(checkpoint: CheckpointRow, info: SourceInfo): Promise<StepResult> {
    const common = await findCommonHeight(this.pool, this.source, { checkpoint, head: info.height })
    // The node moved on between two questions; nothing has to be taken back.
    if (common === checkpoint.height) throw new IndexerError('index.sourceMoved', 'The node changed its head meanwhile')
    if (
      common === undefined ||
      common < (checkpoint.finalizedHeight < checkpoint.height ? checkpoint.finalizedHeight : checkpoint.height)
    ) {
      return this.wipeAll('the node contradicts irreversible blocks of the index')
    }
    const depth = Number(checkpoint.height - common)
    const next = await this.backAt(common, checkpoint, depth)
    this.workspace.reset()
    await inTransaction(this.pool, async (client) => {
      await undoAbove(client, common)
      await writeCheckpoint(client, { ...next, chainHeight: info.height })
    })
    this.logger.info('blocks were taken back', { blocks: depth, commonHeight: common.toString() })
    this.reorganisedTo = common
    return { kind: 'undone', blocks: depth, commonHeight: common }
  }

  private async backAt(common: bigint, checkpoint: CheckpointRow, depth: number): Promise<CheckpointRow> {
    const { rows } = await this.pool.query<{ hash: Hash; time_ms: string }>(
      'SELECT hash, time_ms FROM "blocks" WHERE height = $1',
      [common],
    )
    const [row] = rows
    if (row === undefined) throw new IndexerError('index.sourceMoved', `Block ${common} is not indexed`)
    return {
      ...checkpoint,
      height: common,
      hash: row.hash,
      timeMs: Number(row.time_ms),
      reorganisations: checkpoint.reorganisations + 1,
      deepestReorganisation: Math.max(checkpoint.deepestReorganisation, depth),
      updatedAtMs: Date.now(),
    }
  }

  /** The head is indexed: only what the node says about finality may have moved. */
  private async settle(checkpoint: CheckpointRow, info: SourceInfo): Promise<StepResult> {
    const moved =
      checkpoint.finalizedHeight !== info.finalizedHeight || checkpoint.prevotedHeight !== info.prevotedHeight
    if (moved || checkpoint.chainHeight !== info.height || checkpoint.lastError !== null) {
      const next = { ...checkpoint, ...positionOf(info), lastError: null }
      await inTransaction(this.pool, async (client) => {
        await pruneUndo(client, info.finalizedHeight)
        await writeCheckpoint(client, next)
        if (moved) await signal(client, next, undefined)
      })
    }
    return { kind: 'idle', height: checkpoint.height }
  }
}

/** Builds an indexer for one database and one node; it does nothing until `step` is called. */
export const createIndexer = (options: IndexerOptions): Indexer => new ChainIndexer(options)

const positionOf = (
  info: SourceInfo,
): Pick<CheckpointRow, 'genesisHash' | 'chainHeight' | 'prevotedHeight' | 'finalizedHeight' | 'updatedAtMs'> => ({
  genesisHash: info.genesisHash,
  chainHeight: info.height,
  prevotedHeight: info.prevotedHeight,
  finalizedHeight: info.finalizedHeight,
  updatedAtMs: Date.now(),
})

async function signal(client: pg.PoolClient, row: CheckpointRow, commonHeight: bigint | undefined): Promise<void> {
  await sendSignal(client, {
    height: row.height.toString(),
    hash: row.hash,
    finalizedHeight: row.finalizedHeight.toString(),
    prevotedHeight: row.prevotedHeight.toString(),
    ...(commonHeight === undefined ? {} : { commonHeight: commonHeight.toString() }),
  })
}

function assertLinked(blocks: readonly SourceBlock[]): void {
  for (const [index, block] of blocks.entries()) {
    const parent = blocks[index - 1]
    if (parent === undefined || (parent.hash === block.parentHash && parent.height + 1n === block.height)) continue
    throw new IndexerError('index.sourceMoved', `Block ${block.height} does not follow the one before it`)
  }
}

async function predecessor(pool: pg.Pool, height: bigint): Promise<Predecessor> {
  const { rows } = await pool.query<Pick<Predecessor, 'round' | 'term'> & { time_ms: string }>(
    'SELECT round, term, time_ms FROM "blocks" WHERE height = $1',
    [height],
  )
  const [row] = rows
  if (row === undefined) throw new IndexerError('index.sourceMoved', `Block ${height} is not indexed`)
  return { round: row.round, term: row.term, timeMs: Number(row.time_ms) }
}

/** One query a table instead of one a row for what nearly every batch touches. */
async function preload(workspace: Workspace, blocks: readonly SourceBlock[]): Promise<void> {
  const senders = blocks.flatMap((block) => block.transactions.map((transaction) => transaction.from))
  const producers = blocks.map((block) => block.producer)
  await workspace.preload(
    'delegates',
    producers.map((address) => ({ address })),
  )
  await workspace.preload(
    'accounts',
    senders.map((address) => ({ address })),
  )
  await workspace.preload(
    'balances',
    senders.map((address) => ({ address, symbol: 'ELF' })),
  )
}
