import {
  type Address,
  type Bytes,
  equalBytes,
  type KeyValue,
  privateKeyToAddress,
  reader,
  type Sign,
  signDigest,
  writer,
} from '#primitives'

/** A producer's key with its memory of what it signed. */
export interface BlockSigner extends Sign {
  /** Highest height this key ever signed a block for; 0 for none. */
  generatedHeight(): bigint
  /** Signs a block's header. Undefined when the slot, or a later one, was signed with another digest. */
  signBlock(block: {
    readonly slot: bigint
    readonly height: bigint
    readonly digest: Bytes
  }): Promise<Bytes | undefined>
}

interface LastSigned {
  readonly slot: bigint
  readonly height: bigint
  readonly digest: Bytes
}

const NOTHING: LastSigned = { slot: -1n, height: 0n, digest: new Uint8Array(32) }

function encodeLast(last: LastSigned): Bytes {
  return writer().u64(last.slot).u64(last.height).fixed(last.digest).finish()
}

function decodeLast(bytes: Bytes): LastSigned {
  const input = reader(bytes)
  const last = { slot: input.u64(), height: input.u64(), digest: input.fixed(32) }
  input.end()
  return last
}

/**
 * Opens a key with the record in `store`. The record of a slot is synced to disk before its signature exists, so that
 * neither a crash nor a second call can produce two signatures for one slot.
 */
export async function openSigner(options: {
  readonly privateKey: Bytes
  readonly store: KeyValue
}): Promise<BlockSigner> {
  const { privateKey, store } = options
  const address: Address = privateKeyToAddress(privateKey)
  const key = new TextEncoder().encode(address)
  const stored = await store.get(key)
  let last = stored === undefined ? NOTHING : decodeLast(stored)
  let turn: Promise<unknown> = Promise.resolve()

  const signInTurn = async (next: LastSigned): Promise<Bytes | undefined> => {
    const again = next.slot === last.slot && equalBytes(next.digest, last.digest)
    if (next.slot <= last.slot && !again) return undefined
    if (!again) {
      const height = next.height > last.height ? next.height : last.height
      const record = { slot: next.slot, digest: next.digest, height }
      await store.write([{ put: [key, encodeLast(record)] }], { sync: true })
      last = record
    }
    return signDigest(next.digest, privateKey)
  }
  const signBlock: BlockSigner['signBlock'] = (block) => {
    const result = turn.then(() => signInTurn(block))
    turn = result.catch(() => undefined)
    return result
  }
  return {
    address,
    generatedHeight: () => last.height,
    signBlock,
    sign: (_kind, slot, digest) => signBlock({ slot, height: last.height, digest }),
  }
}
