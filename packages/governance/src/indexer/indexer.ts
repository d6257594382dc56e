import pg from 'pg'
import {
  type CheckpointRow, type Database, inTransaction, pruneUndo, readCheckpoint, sendSignal, undoAbove, wipe, writeCheckpoint,
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

export function createIndexer(options: IndexerOptions): Indexer {
  const { database: { pool }, source, logger } = options
  const workspace = createWorkspace(pool)
  const batch = BigInt(options.batchBlocks ?? Number(BATCH_BLOCKS))
  let reorganisedTo: bigint | undefined

  async function step(): Promise<StepResult> {
    const info = await source.info()
    const checkpoint = await readCheckpoint(pool)
    if (checkpoint !== undefined && checkpoint.genesisHash !== info.genesisHash) return wipeAll('the node serves another chain')
    if (checkpoint !== undefined && checkpoint.hash === info.headHash) return settle(checkpoint, info)
    const from = checkpoint === undefined ? 0n : checkpoint.height + 1n
    const to = from + batch - 1n < info.height ? from + batch - 1n : info.height
    const blocks = from <= to ? await source.blocks(from, to) : []
    const [first] = blocks
    if (checkpoint !== undefined && (first === undefined || first.parentHash !== checkpoint.hash)) return undo(checkpoint, info)
    assertLinked(blocks)
    return apply(checkpoint, blocks, info)
  }

  async function wipeAll(reason: string): Promise<StepResult> {
    logger.warn('the index is emptied and built anew', { reason })
    workspace.reset()
    await inTransaction(pool, wipe)
    return { kind: 'wiped', reason }
  }

  async function apply(checkpoint: CheckpointRow | undefined, blocks: readonly SourceBlock[], info: SourceInfo): Promise<StepResult> {
    const last = blocks.at(-1)
    if (last === undefined) throw new IndexerError('index.sourceMoved', 'The node has no block where it said it had')
    const hashes = new Map<bigint, Hash>(blocks.map((block) => [block.height, block.hash]))
    const context = { workspace, source, hashOf: async (height: bigint) => hashes.get(height) ?? indexedHash(pool, height) }
    let parent = checkpoint === undefined ? undefined : await predecessor(pool, checkpoint.height)
    await preload(workspace, blocks)
    for (const block of blocks) {
      workspace.beginBlock({ height: block.height, hash: block.hash, undoable: block.height > info.finalizedHeight })
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
    await inTransaction(pool, async (client) => {
      await workspace.flush(client)
      await pruneUndo(client, info.finalizedHeight < last.height ? info.finalizedHeight : last.height)
      await writeCheckpoint(client, next)
      await signal(client, next, reorganisedTo)
    })
    workspace.committed()
    reorganisedTo = undefined
    return { kind: 'applied', blocks: blocks.length, height: last.height }
  }

  async function undo(checkpoint: CheckpointRow, info: SourceInfo): Promise<StepResult> {
    const common = await findCommonHeight(pool, source, { checkpoint, head: info.height })
    // The node moved on between two questions; nothing has to be taken back.
    if (common === checkpoint.height) throw new IndexerError('index.sourceMoved', 'The node changed its head meanwhile')
    if (common === undefined || common < (checkpoint.finalizedHeight < checkpoint.height ? checkpoint.finalizedHeight : checkpoint.height)) {
      return wipeAll('the node contradicts irreversible blocks of the index')
    }
    const depth = Number(checkpoint.height - common)
    const next = await backAt(common, checkpoint, depth)
    workspace.reset()
    await inTransaction(pool, async (client) => {
      await undoAbove(client, common)
      await writeCheckpoint(client, { ...next, chainHeight: info.height })
    })
    logger.info('blocks were taken back', { blocks: depth, commonHeight: common.toString() })
    reorganisedTo = common
    return { kind: 'undone', blocks: depth, commonHeight: common }
  }

  async function backAt(common: bigint, checkpoint: CheckpointRow, depth: number): Promise<CheckpointRow> {
    const { rows } = await pool.query<{ hash: Hash; time_ms: string }>('SELECT hash, time_ms FROM "blocks" WHERE height = $1', [common])
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
  async function settle(checkpoint: CheckpointRow, info: SourceInfo): Promise<StepResult> {
    const moved = checkpoint.finalizedHeight !== info.finalizedHeight || checkpoint.prevotedHeight !== info.prevotedHeight
    if (moved || checkpoint.chainHeight !== info.height || checkpoint.lastError !== null) {
      const next = { ...checkpoint, ...positionOf(info), lastError: null }
      await inTransaction(pool, async (client) => {
        await pruneUndo(client, info.finalizedHeight)
        await writeCheckpoint(client, next)
        if (moved) await signal(client, next, undefined)
      })
    }
    return { kind: 'idle', height: checkpoint.height }
  }

  return {
    step: async () => {
      try {
        return await step()
      } catch (error) {
        workspace.reset()
        throw error
      }
    },
  }
}

const positionOf = (info: SourceInfo): Pick<CheckpointRow, 'genesisHash' | 'chainHeight' | 'prevotedHeight' | 'finalizedHeight' | 'updatedAtMs'> => ({
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
  const { rows } = await pool.query<Predecessor>('SELECT round, term FROM "blocks" WHERE height = $1', [height])
  const [row] = rows
  if (row === undefined) throw new IndexerError('index.sourceMoved', `Block ${height} is not indexed`)
  return row
}

/** One query a table instead of one a row for what nearly every batch touches. */
async function preload(workspace: Workspace, blocks: readonly SourceBlock[]): Promise<void> {
  const senders = blocks.flatMap((block) => block.transactions.map((transaction) => transaction.from))
  const producers = blocks.map((block) => block.producer)
  await workspace.preload('delegates', producers.map((address) => ({ address })))
  await workspace.preload('accounts', senders.map((address) => ({ address })))
  await workspace.preload('balances', senders.map((address) => ({ address, symbol: 'ELF' })))
}
