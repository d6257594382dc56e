import type { ProposeInput } from '#consensus'
import { type Block, encodeBlock, encodeHeaderEntry, MAX_BLOCK_BYTES } from '#kernel'
import { assert, type Bytes, equalBytes, type Hash, hexToBytes, type KvOp } from '#primitives'
import { type Move, stateOf } from './chainTree.ts'
import { LedgerError } from './errors.ts'
import type { Pages } from './pages.ts'
import { encodeRecord } from './records.ts'
import {
  blockByHashKey,
  blockKey,
  canonicalKey,
  encodeRoot,
  headerKey,
  placeOps,
  recordByHashKey,
  recordKey,
  rootKey,
  unfinalisedKey,
} from './schema.ts'
import type { BlockNode, LedgerPorts, Outcome, OutcomeMemo } from './types.ts'

/** Nodes that share a block and its outcome store the same. */
const stored = new WeakMap<Outcome, { readonly block: Block; readonly record: Bytes; readonly ops: readonly KvOp[] }>()

/** The neighbours' outcome of a block, where nodes share their work and it was stored as this very record. */
export function outcomeStoredAs(record: Bytes, hash: Hash, memo: OutcomeMemo | undefined): Outcome | undefined {
  const outcome = memo?.trusted === true ? memo.get(hash) : undefined
  const known = outcome === undefined ? undefined : stored.get(outcome)
  return known !== undefined && equalBytes(known.record, record) ? outcome : undefined
}

/** Stores a block with what executing it changed. Throws `block.tooLarge`. */
export function blockOps<S>({ body, parent }: BlockNode<S>, outcome: Outcome): readonly KvOp[] {
  assert(body !== undefined && parent?.tree !== undefined, 'a new block has a body and a parent with a state')
  const { block } = body
  const known = stored.get(outcome)
  if (known?.block === block) return known.ops
  const record = encodeRecord(outcome, parent.tree)
  const ops = writeBlock(block, outcome, record)
  stored.set(outcome, { block, record, ops })
  return ops
}

function writeBlock(block: Block, outcome: Outcome, record: Bytes): readonly KvOp[] {
  const { header } = block
  const bytes = encodeBlock(block)
  if (bytes.length > MAX_BLOCK_BYTES) throw new LedgerError('block.tooLarge', `A block of ${bytes.length} bytes`)
  const { termResult } = outcome.summary
  const entry = encodeHeaderEntry(termResult === undefined ? { header } : { header, producers: termResult })
  return [
    { put: [blockKey(header), bytes] },
    { put: [headerKey(header.hash), entry] },
    { put: [recordKey(header), record] },
    { put: [unfinalisedKey(header), new Uint8Array(0)] },
  ]
}

/** What is asked when a chain moves. */
export interface MoveDeps<S, P extends ProposeInput> {
  readonly ports: Pick<LedgerPorts<S, P>, 'indexers' | 'codec'>
  readonly pages: Pages
  readonly genesisHash: Hash
}

/** Makes one block irreversible: its place, its transactions, some pages of the state after it, the indexers' entries. */
function finalOps<S, P extends ProposeInput>(node: BlockNode<S>, { ports, pages }: MoveDeps<S, P>): KvOp[] {
  const { header, body, tree } = node
  const ops: KvOp[] = [{ del: unfinalisedKey(header) }, { put: [canonicalKey(header.height), hexToBytes(header.hash)] }]
  for (const op of placeOps(header.height, node.ids)) ops.push(op)
  if (body !== undefined && tree !== undefined) ops.push(...pages.opsAfter(tree, header.height, body.diff.size))
  for (const indexer of ports.indexers ?? []) ops.push(...indexer.onFinalized({ header, state: stateOf(node) }))
  return ops
}

/**
 * Stores how the chain moves. Comes after `blockOps` in the batch: a block that loses the moment it arrives is deleted again.
 */
export function moveOps<S, P extends ProposeInput>(move: Move<S>, deps: MoveDeps<S, P>): KvOp[] {
  const { ports, genesisHash } = deps
  const ops: KvOp[] = []
  for (const { header } of move.abandoned) {
    const { hash } = header
    ops.push(
      { del: unfinalisedKey(header) },
      { del: headerKey(hash) },
      ...[blockKey(header), recordKey(header), blockByHashKey(hash), recordByHashKey(hash)].map((del) => ({ del })),
    )
  }
  for (const node of move.finalized) ops.push(...finalOps(node, deps))
  if (move.finalized.length > 0) {
    const { height, hash } = move.root.header
    ops.push({
      put: [rootKey, encodeRoot({ genesisHash, height, hash, engine: ports.codec.encode(stateOf(move.root)) })],
    })
  }
  return ops
}
