import type { ConsensusEngine, ProposeInput } from '#consensus'
import {
  type Block,
  EMPTY_LIST_ROOT,
  headerHash,
  MAX_BLOCK_TRANSACTIONS,
  type SignedHeader,
  type SignedTransaction,
  transactionId,
  transactionRootOf,
} from '#kernel'
import { type Address, bytesToHex, filterKeyOf, type Hash, type Hex, IdFilter } from '#primitives'
import type { ChainTree } from './chainTree.ts'
import { LedgerError } from './errors.ts'
import type { BlockNode, ImportOptions, LedgerOptions } from './types.ts'

/** A mark is good for this many blocks. */
export const MARK_WINDOW = 64

/** The marks and the transaction ids of the last 64 blocks, seen from a block on top of `parent`. */
export interface RecentWindow {
  markAt(height: bigint): Hex | undefined
  /** Whether one of the blocks above the transaction's mark has it; no other can. */
  includes(id: Hash, refHeight: bigint): boolean
}

export const markOf = (hash: Hash): Hex => hash.slice(0, 18) as Hex

const filters = new WeakMap<ReadonlySet<Hash>, IdFilter>()

/** What tells at once that a block does not have an id; made once for a block. */
function filterOf(ids: ReadonlySet<Hash>): IdFilter {
  const known = filters.get(ids)
  if (known !== undefined) return known
  const made = new IdFilter(ids.size)
  for (const id of ids) made.add(id)
  filters.set(ids, made)
  return made
}

export function recentWindow<S>(parent: BlockNode<S>): RecentWindow {
  const { height: top } = parent.header
  /** From the parent down. */
  const hashes: Hash[] = []
  const filled: { readonly height: bigint; readonly ids: ReadonlySet<Hash>; readonly filter: IdFilter }[] = []
  let node: BlockNode<S> | undefined = parent
  for (let count = 0; node !== undefined && count < MARK_WINDOW; count += 1) {
    hashes.push(node.header.hash)
    if (node.ids.size > 0) filled.push({ height: node.header.height, ids: node.ids, filter: filterOf(node.ids) })
    node = node.parent
  }
  return {
    markAt: (height) => {
      const hash = height > top ? undefined : hashes[Number(top - height)]
      return hash === undefined ? undefined : markOf(hash)
    },
    includes: (id, refHeight) => {
      const key = filterKeyOf(id)
      for (const { height, ids, filter } of filled) {
        if (height <= refHeight) return false
        if (filter.mayHaveKey(key) && ids.has(id)) return true
      }
      return false
    },
  }
}

type ChainIdentity = Pick<LedgerOptions, 'genesis' | 'genesisBlock'>

/** Everything of a header that follows from the chain's identity and its parent. */
export function checkHeader(header: SignedHeader, parent: SignedHeader, chain: ChainIdentity): void {
  const { chainId } = chain.genesis
  if (header.chainId !== chainId) {
    throw new LedgerError('block.wrongChain', `The block belongs to chain ${header.chainId}, this is ${chainId}`)
  }
  if (header.height !== parent.height + 1n) {
    throw new LedgerError('block.wrongHeight', `Height ${header.height} does not follow ${parent.height}`)
  }
  if (headerHash(header) !== header.hash)
    throw new LedgerError('block.hash', 'The stated hash is not the header’s hash')
  if (bytesToHex(header.extension) !== chain.genesisBlock.header.hash) {
    throw new LedgerError('block.extension', 'The header does not name the genesis of this network')
  }
  if (header.indexRoot !== EMPTY_LIST_ROOT) {
    throw new LedgerError('block.indexRoot', 'The index root is not the root of the indexed side-chain blocks')
  }
}

export function checkConsensus<S, P extends ProposeInput>(
  engine: ConsensusEngine<S, P>,
  state: S,
  header: SignedHeader,
  options: ImportOptions,
): void {
  const cause = engine.validate(state, header, options)
  if (cause !== undefined) {
    throw new LedgerError('block.consensus', `The header breaks a consensus rule: ${cause.code}: ${cause.message}`, {
      cause,
      details: { rule: cause.code },
    })
  }
}

/** Passes on what is known of a header's hash when it speaks for this body, too. */
export function checkTransactionRoot<T>({ transactions, header }: Block, known: T): T {
  if (transactionRootOf(transactions) === header.transactionRoot) return known
  throw new LedgerError('block.transactionRoot', 'The transactions are not those the header commits to')
}

/** The list of transactions against the header, which says nothing of each of them yet. */
export function checkBody(block: Block): void {
  if (block.transactions.length > MAX_BLOCK_TRANSACTIONS)
    throw new LedgerError('block.tooLarge', 'Too many transactions')
  checkTransactionRoot(block, undefined)
}

/** Transactions against their marks and each other. Returns their ids in order. */
export function checkTransactions(transactions: readonly SignedTransaction[], window: RecentWindow): Hash[] {
  const seen = new Set<Hash>()
  for (const transaction of transactions) {
    const id = transactionId(transaction)
    if (seen.has(id)) throw new LedgerError('block.duplicateTransaction', `Transaction ${id} is in the block twice`)
    seen.add(id)
    if (window.includes(id, transaction.refHeight))
      throw new LedgerError('block.replay', `Transaction ${id} is in an earlier block`)
    if (!hasGoodMark(transaction, window)) {
      throw new LedgerError('block.mark', `The mark of ${id} does not name one of the last ${MARK_WINDOW} blocks`)
    }
  }
  return [...seen]
}

export function hasGoodMark(transaction: SignedTransaction, window: RecentWindow): boolean {
  return window.markAt(transaction.refHeight) === transaction.refHash
}

export function checkSigners(
  transactions: readonly SignedTransaction[],
  signers: readonly (Address | undefined)[],
): void {
  transactions.forEach((transaction, index) => {
    if (signers[index] !== transaction.from) {
      throw new LedgerError('block.signature', `Transaction ${index} is not signed by its sender`, {
        details: { index },
      })
    }
  })
}

/** The block a new one builds on. Throws `block.orphan` or `block.belowFinalized`. */
export function findParent<S>(chain: Pick<ChainTree<S>, 'root' | 'get'>, block: Block): BlockNode<S> {
  const { height, parentHash } = block.header
  const root = chain.root.header
  if (height <= root.height) {
    throw new LedgerError(
      'block.belowFinalized',
      `Height ${height} is decided; the irreversible height is ${root.height}`,
    )
  }
  const parent = chain.get(parentHash)
  if (parent === undefined) {
    throw new LedgerError('block.orphan', `The parent ${parentHash} of block ${height} is not known`, {
      details: { parentHash },
    })
  }
  if (parent.header.height < root.height) {
    throw new LedgerError('block.belowFinalized', `Block ${height} builds on a decided height below ${root.height}`)
  }
  return parent
}
