import type { ProposeInput } from '#consensus'
import { encodeBlock, encodeHeaderEntry, MAX_BLOCK_BYTES, type StateDiff, type StateReader } from '#kernel'
import { assert, type Bytes, type Hash, hexToBytes, type KvOp } from '#primitives'
import { type Move, stateOf } from './chainTree.ts'
import { LedgerError } from './errors.ts'
import { encodeRecord } from './records.ts'
import {
  blockKey,
  canonicalKey,
  encodePlace,
  encodeRoot,
  headerKey,
  recordKey,
  rootKey,
  stateKey,
  transactionKey,
  unfinalisedKey,
} from './schema.ts'
import type { BlockNode, LedgerPorts, Outcome } from './types.ts'

/** Nodes that share an outcome write the same record of it. */
const records = new WeakMap<Outcome, Bytes>()

function recordOf(outcome: Outcome, before: StateReader): Bytes {
  const known = records.get(outcome)
  if (known !== undefined) return known
  const record = encodeRecord(outcome, before)
  records.set(outcome, record)
  return record
}

/** Stores a block with what executing it changed. Throws `block.tooLarge`. */
export function blockOps<S>(node: BlockNode<S>, outcome: Outcome): KvOp[] {
  const { header, body, parent } = node
  assert(body !== undefined && parent?.tree !== undefined, 'a new block has a body and a parent with a state')
  const bytes = encodeBlock(body.block)
  if (bytes.length > MAX_BLOCK_BYTES) throw new LedgerError('block.tooLarge', `A block of ${bytes.length} bytes`)
  const { termResult } = outcome.summary
  const entry = encodeHeaderEntry(termResult === undefined ? { header } : { header, producers: termResult })
  return [
    { put: [blockKey(header.hash), bytes] },
    { put: [headerKey(header.hash), entry] },
    { put: [recordKey(header.hash), recordOf(outcome, parent.tree)] },
    { put: [unfinalisedKey(header.height, header.hash), new Uint8Array(0)] },
  ]
}

const flat = new WeakMap<StateDiff, readonly KvOp[]>()

/** A block's part of the flat state; as with records, nodes that share an outcome write the same. */
function stateOps(diff: StateDiff): readonly KvOp[] {
  const known = flat.get(diff)
  if (known !== undefined) return known
  const ops = [...diff].map(
    ([path, value]): KvOp => (value === null ? { del: stateKey(path) } : { put: [stateKey(path), value] }),
  )
  flat.set(diff, ops)
  return ops
}

/** Makes one block irreversible: its place, its transactions, its part of the flat state, the indexers' entries. */
function finalOps<S, P extends ProposeInput>(node: BlockNode<S>, ports: Pick<LedgerPorts<S, P>, 'indexers'>): KvOp[] {
  const { header, body } = node
  const ops: KvOp[] = [
    { del: unfinalisedKey(header.height, header.hash) },
    { put: [canonicalKey(header.height), hexToBytes(header.hash)] },
  ]
  let index = 0
  for (const id of node.ids) {
    ops.push({ put: [transactionKey(id), encodePlace(header.hash, index)] })
    index += 1
  }
  if (body !== undefined) ops.push(...stateOps(body.diff))
  for (const indexer of ports.indexers ?? []) ops.push(...indexer.onFinalized({ header, state: stateOf(node) }))
  return ops
}

/**
 * Stores how the chain moves. Comes after `blockOps` in the batch: a block that loses the moment it arrives is deleted again.
 */
export function moveOps<S, P extends ProposeInput>(
  move: Move<S>,
  ports: Pick<LedgerPorts<S, P>, 'indexers' | 'codec'>,
  genesisHash: Hash,
): KvOp[] {
  const ops: KvOp[] = []
  for (const { header } of move.abandoned) {
    const { height, hash } = header
    ops.push(
      { del: unfinalisedKey(height, hash) },
      { del: blockKey(hash) },
      { del: headerKey(hash) },
      { del: recordKey(hash) },
    )
  }
  for (const node of move.finalized) ops.push(...finalOps(node, ports))
  if (move.finalized.length > 0) {
    const { height, hash } = move.root.header
    ops.push({
      put: [rootKey, encodeRoot({ genesisHash, height, hash, engine: ports.codec.encode(stateOf(move.root)) })],
    })
  }
  return ops
}
