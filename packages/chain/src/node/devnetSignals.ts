import {
  type Address,
  asAddress,
  asHash,
  bytesToUtf8,
  type Hash,
  type KeyValue,
  utf8ToBytes,
  ZERO_HASH,
} from '#primitives'
import type { Collections } from './collections.ts'
import { NodeError } from './errors.ts'

const KEY = Uint8Array.of(3)

/** What the delegates of a development network signal; remembered. */
export class Signals {
  private readonly store: KeyValue
  private readonly collections: Collections
  private readonly chosen: Map<Address, Hash>

  constructor(store: KeyValue, collections: Collections, chosen: ReadonlyMap<Address, Hash>) {
    this.store = store
    this.collections = collections
    this.chosen = new Map(chosen)
  }

  /** For the header of a delegate's next block: only what can be run is signalled. */
  of(delegate: Address): Hash {
    const hash = this.chosen.get(delegate) ?? ZERO_HASH
    return this.collections.find(hash) === undefined ? ZERO_HASH : hash
  }

  /** Rejects with `node.range` what is not installed. */
  async choose(delegate: Address, hash: Hash | undefined): Promise<void> {
    if (hash !== undefined && (await this.collections.obtain(hash)) === undefined) {
      throw new NodeError('node.range', `The collection ${hash} is not installed`, {
        details: {
          field: 'collection',
          help: 'Install it: `aelf collection install <bundle> --data <folder of the devnet>`.',
        },
      })
    }
    if (hash === undefined) this.chosen.delete(delegate)
    else this.chosen.set(delegate, hash)
    const text = JSON.stringify([...this.chosen])
    await this.store.write([{ put: [KEY, utf8ToBytes(text)] }], { sync: true })
  }
}

/** The signals that a store remembers. */
export async function openSignals(store: KeyValue, collections: Collections): Promise<Signals> {
  const bytes = await store.get(KEY)
  const pairs = bytes === undefined ? [] : (JSON.parse(bytesToUtf8(bytes)) as (readonly [string, string])[])
  return new Signals(store, collections, new Map(pairs.map(([delegate, hash]) => [asAddress(delegate), asHash(hash)])))
}
