import {
  createRevealChain,
  createRevealSource,
  type DposState,
  type RevealChain,
  type RevealSource,
} from '#consensus/dpos'
import type { Block } from '#kernel'
import type { ImportResult } from '#ledger'
import { type Bytes, privateKeyToAddress } from '#primitives'
import { openBucket } from '#store'
import type { NodeParts } from './compose.ts'
import type { NodeError } from './errors.ts'
import { KeyWatch, type KeyWatchOptions } from './keys/keyWatch.ts'
import { type BlockSigner, openSigner } from './keys/signer.ts'
import { Producer } from './producer.ts'
import { localRenewals, type SignRenewal } from './renewal.ts'
import { Reveals } from './reveals.ts'

/** The key itself, or whoever signs blocks with it. */
export type ProducerOptions = ProducerSecrets & ({ readonly privateKey: Bytes } | { readonly signer: BlockSigner })

interface ProducerSecrets {
  /** Signs renewals of the commitment; left out: the key does, where it is here. */
  readonly signRenewal?: SignRenewal
  /** The chain it registered with. */
  readonly reveals: RevealChain
  /** Later chains; without them the commitment is never renewed. */
  readonly revealSource?: RevealSource
  /** Watches for another node with the same key; left out: nobody else can have it. */
  readonly watch?: KeyWatchOptions & { inUse(error: NodeError, watching: boolean): void }
}

function createKeyWatch(parts: NodeParts, signer: BlockSigner): KeyWatch | undefined {
  const watch = parts.options.producer?.watch
  if (watch === undefined) return undefined
  const { ledger, slots, ports } = parts
  const view = {
    nowSlot: slots.now,
    roundSlots: () => BigInt(ledger.headState().round.order.length + 1),
    height: () => ledger.head().header.height,
    targetHeight: () => ledger.head().header.height,
    firstSlot: async () => {
      const hash = await ledger.hashAt(1n)
      return hash === undefined ? undefined : (await ledger.block(hash))?.block.header.slot
    },
    syncing: () => false,
    peers: () => ports.net.peers().length,
    producers: () => ledger.headState().term.producers.length,
  }
  return new KeyWatch(watch, { signer, view, logger: ports.logger, inUse: watch.inUse })
}

export interface MadeProducer {
  readonly producer: Producer
  readonly signer: BlockSigner
  readonly reveals: Reveals
  readonly keyWatch: KeyWatch | undefined
  readonly signRenewal: SignRenewal | undefined
}

/** What makes a node a delegate, from its options; undefined for an observer. */
export async function openProducer(
  parts: NodeParts,
  publish: (block: Block, result: ImportResult<DposState>) => Promise<void>,
): Promise<MadeProducer | undefined> {
  const { options, ports, slots } = parts
  if (options.producer === undefined) return undefined
  const { reveals: first, revealSource: source } = options.producer
  const here = 'privateKey' in options.producer ? options.producer.privateKey : undefined
  const signer =
    'signer' in options.producer
      ? options.producer.signer
      : await openSigner({ privateKey: options.producer.privateKey, store: openBucket(ports.store, 'signer') })
  const keyWatch = createKeyWatch(parts, signer)
  const store = openBucket(ports.store, 'reveals')
  const pause = (): Promise<void> => new Promise((resolve) => ports.clock.after(0, resolve))
  const reveals = new Reveals({ address: signer.address, first, source, store, pause })
  await reveals.restore()
  const producer = new Producer(
    { signer: keyWatch?.guarded() ?? signer, reveals },
    {
      clock: ports.clock,
      logger: ports.logger,
      ledger: parts.ledger,
      mempool: parts.mempool,
      slotStartMs: slots.startMs,
      nowSlot: slots.now,
      produced: publish,
      mayProduce: async () => (ports.mayProduce?.() ?? true) && ((await keyWatch?.mayProduce()) ?? true),
    },
  )
  const signRenewal = options.producer.signRenewal ?? (here === undefined ? undefined : localRenewals(here))
  return { producer, signer, reveals, keyWatch, signRenewal }
}

/** Address and hash chains of a delegate, from its private key alone. `length` values of a chain can be revealed. */
export function delegateKeys(
  privateKey: Bytes,
  length: number,
): { address: ReturnType<typeof privateKeyToAddress>; reveals: RevealChain; revealSource: RevealSource } {
  const revealSource = createRevealSource(privateKey, length)
  return { address: privateKeyToAddress(privateKey), reveals: createRevealChain(privateKey, length), revealSource }
}
