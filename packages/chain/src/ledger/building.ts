import type { ProposeInput } from '#consensus'
import { EMPTY_LIST_ROOT, type Header, headerHash, receiptRootOf, transactionId, transactionRootOf } from '#kernel'
import { hexToBytes } from '#primitives'
import { stateOf } from './chainTree.ts'
import { hasGoodMark, recentWindow } from './checks.ts'
import { coded } from './errors.ts'
import { treeOf } from './states.ts'
import type {
  BlockEnvironment,
  BlockNode,
  BuildInput,
  BuiltBlock,
  LedgerOptions,
  LedgerPorts,
  Outcome,
} from './types.ts'

/** Between the steps of a block with so many transactions others may use this thread. */
export const LARGE = 256

export interface BuildDeps<S, P extends ProposeInput> {
  readonly options: LedgerOptions
  readonly ports: Pick<LedgerPorts<S, P>, 'engine' | 'executor' | 'trace' | 'breathe'>
  readonly parent: BlockNode<S>
  readonly environment: BlockEnvironment
}

/** A block on top of a parent, with what executing it gave. Undefined when the engine says the slot is not the producer's. */
export async function makeBlock<S, P extends ProposeInput>(
  input: BuildInput<P>,
  deps: BuildDeps<S, P>,
): Promise<{ readonly block: BuiltBlock; readonly outcome: Outcome } | undefined> {
  const { parent, environment, options } = deps
  const { engine, executor, trace, breathe } = deps.ports
  const { candidates, slot, producer } = input
  const window = recentWindow(parent)
  const usable = candidates.filter(
    (one) => hasGoodMark(one, window) && !window.includes(transactionId(one), one.refHeight),
  )
  const before = treeOf(parent)
  const executed = trace?.('execute', environment.height)
  const execution = await coded(() =>
    executor.execute({ parent: before, transactions: usable, environment, mode: 'build', breathe }),
  )
  executed?.()
  const turn = execution.transactions.length >= LARGE ? breathe : undefined
  await turn?.()
  const proposal = engine.propose(stateOf(parent), input.propose(execution.summary))
  if (proposal === undefined) return undefined
  const rooted = trace?.('root', environment.height)
  const tree = before.update(execution.diff)
  const stateRoot = tree.root
  await turn?.()
  const transactionRoot = transactionRootOf(execution.transactions)
  await turn?.()
  const header: Header = {
    version: 1,
    chainId: options.genesis.chainId,
    height: environment.height,
    parentHash: parent.header.hash,
    slot,
    producer,
    transactionRoot,
    receiptRoot: receiptRootOf(execution.receipts),
    stateRoot,
    indexRoot: EMPTY_LIST_ROOT,
    signal: environment.signal,
    consensus: proposal.consensus,
    extension: hexToBytes(environment.genesisHash),
  }
  rooted?.()
  await turn?.()
  const block = { header, hash: headerHash(header), transactions: execution.transactions, dropped: execution.dropped }
  return { block, outcome: { ...execution, tree } }
}
