import { beginCollection, countSignal } from './handlers/collection.ts'
import { writeGenesis } from './handlers/genesis.ts'
import { eventHandlers } from './handlers/index.ts'
import { endsTerm, shareTerm } from './handlers/reward.ts'
import { beginTerm, countBlock, finishRounds } from './handlers/round.ts'
import type { BlockScope } from './handlers/scope.ts'
import { writeTransaction } from './handlers/transaction.ts'
import type { ChainSource, SourceBlock } from './sources/source.ts'
import type { Workspace } from './workspace.ts'

/** What a block needs to know of the one before it; undefined for the first. */
export interface Predecessor {
  readonly round: number
  readonly term: number
  readonly timeMs: number
}

export interface ApplyContext {
  readonly workspace: Workspace
  readonly source: ChainSource
  /** When terms end. */
  readonly times: { readonly genesisTimeMs: number; readonly termMs: number }
  /** Hash of an already applied block. */
  hashOf(height: bigint): Promise<string | undefined>
}

/** Turns one block into rows of the workspace. The outcome depends on the block and earlier rows only, never on the time. */
export async function applyBlock(
  context: ApplyContext,
  block: SourceBlock,
  parent: Predecessor | undefined,
): Promise<void> {
  const scope: BlockScope = { block, workspace: context.workspace, source: context.source, reweighed: new Set() }
  writeHeader(scope)
  if (parent === undefined || parent.term !== block.term) await beginTerm(scope, context.source)
  if (parent !== undefined && parent.round < block.round)
    await finishRounds(scope, parent.round, context.source, context.hashOf)
  if (block.height === 0n) await writeGenesis(scope)
  await beginCollection(scope, context.source)
  await countBlock(scope)
  let position = 0
  for (const [index, transaction] of block.transactions.entries()) {
    await writeTransaction(scope, transaction, index)
    for (const event of transaction.events) {
      writeEvent(scope, { event, position, transactionId: transaction.id })
      await eventHandlers[`${event.contract}.${event.name}`]?.({ ...scope, transaction, event, position })
      position += 1
    }
  }
  if (parent !== undefined && endsTerm(context.times, parent.timeMs, block.timeMs))
    await shareTerm(scope, context.source)
  await countSignal(scope)
  await writeWeights(scope)
}

function writeHeader({ block, workspace }: BlockScope): void {
  const { transactions, index, ...header } = block
  workspace.add('blocks', {
    ...header,
    position: index,
    signature: null,
    transactionCount: transactions.length,
    fees: transactions.reduce((sum, transaction) => sum + transaction.fee, 0n),
  })
}

function writeEvent(
  { block, workspace }: BlockScope,
  {
    event,
    position,
    transactionId,
  }: { event: SourceBlock['transactions'][number]['events'][number]; position: number; transactionId: `0x${string}` },
): void {
  const { contract: contractName, contractAddress: contract, name, fields } = event
  workspace.add('events', {
    height: block.height,
    blockHash: block.hash,
    position,
    transactionId,
    contract,
    contractName,
    name,
    fields,
  })
}

/** One point of the weight curve for each delegate whose weight moved, after all of the block. */
async function writeWeights({ block, workspace, reweighed }: BlockScope): Promise<void> {
  for (const address of reweighed) {
    const row = await workspace.get('delegates', { address })
    if (row === undefined) continue
    const { weight, voters } = row
    workspace.add('weight_points', {
      height: block.height,
      blockHash: block.hash,
      timeMs: block.timeMs,
      address,
      weight,
      voters,
    })
  }
}
