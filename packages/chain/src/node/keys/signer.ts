import type { Header } from '#kernel'
import {
  type Address,
  type Bytes,
  equalBytes,
  type KeyValue,
  privateKeyToAddress,
  type Sign,
  signDigest,
} from '#primitives'
import { type LastSigned, openStoreRecord, type SignedRecord } from './signedRecord.ts'

/** What is to be signed. The header is there for signers that look at what they sign. */
export interface BlockToSign {
  readonly slot: bigint
  readonly height: bigint
  readonly digest: Bytes
  readonly header?: Header
}

/** A producer's key with its memory of what it signed. */
export interface BlockSigner extends Sign {
  /** Highest height this key ever signed a block for; 0 for none. */
  generatedHeight(): bigint
  last(): LastSigned | undefined
  /** Signs a block's header. Undefined when the slot, or a later one, was signed with another digest. */
  signBlock(block: BlockToSign): Promise<Bytes | undefined>
  /** A block of this key that others know of: nothing at or below its slot is signed any more. Resolves when that is on disk. */
  adopt(block: LastSigned): Promise<void>
}

const NOTHING: LastSigned = { slot: -1n, height: 0n, digest: new Uint8Array(32) }

/** Signs what the record has let pass. Undefined: the holder of the key refuses, because it has signed the slot before. */
export type SignRecorded = (block: BlockToSign) => Promise<Bytes | undefined>

/** Puts a record in front of a key, wherever the key is. */
export function createRecordedSigner(options: {
  readonly address: Address
  readonly record: SignedRecord
  readonly sign: SignRecorded
}): BlockSigner {
  const { address, record, sign } = options
  const lastOr = (): LastSigned => record.last() ?? NOTHING
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }
  const signInTurn = async (block: BlockToSign): Promise<Bytes | undefined> => {
    const last = lastOr()
    const again = block.slot === last.slot && equalBytes(block.digest, last.digest)
    if (block.slot <= last.slot && !again) return undefined
    if (!again) {
      const height = block.height > last.height ? block.height : last.height
      await record.save({ slot: block.slot, digest: block.digest, height })
    }
    return sign(block)
  }
  const adoptInTurn = async ({ slot, height, digest }: LastSigned): Promise<void> => {
    const last = lastOr()
    if (slot <= last.slot && height <= last.height) return
    const newer = slot > last.slot
    await record.save({
      slot: newer ? slot : last.slot,
      digest: newer ? digest : last.digest,
      height: height > last.height ? height : last.height,
    })
  }
  const signBlock: BlockSigner['signBlock'] = (block) => inTurn(() => signInTurn(block))
  return {
    address,
    generatedHeight: () => lastOr().height,
    last: () => record.last(),
    signBlock,
    adopt: (block) => inTurn(() => adoptInTurn(block)),
    sign: (_kind, slot, digest) => signBlock({ slot, height: lastOr().height, digest }),
  }
}

/**
 * Opens a key with the record in `store`. The record of a slot is synced to disk before its signature exists, so that
 * neither a crash nor a second call can produce two signatures for one slot.
 */
export async function openSigner(
  options: { readonly privateKey: Bytes } & ({ readonly store: KeyValue } | { readonly record: SignedRecord }),
): Promise<BlockSigner> {
  const { privateKey } = options
  const address: Address = privateKeyToAddress(privateKey)
  const record = 'record' in options ? options.record : await openStoreRecord(options.store, address)
  return createRecordedSigner({ address, record, sign: async ({ digest }) => signDigest(digest, privateKey) })
}
