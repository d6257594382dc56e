import {
  createRevealChain,
  createRevealSource,
  type DposState,
  type RevealChain,
  type RevealSource,
} from '#consensus/dpos'
import type { Block, SignedHeader } from '#kernel'
import type { ImportResult } from '#ledger'
import { type Address, type Bytes, privateKeyToAddress, ZERO_HASH } from '#primitives'
import { openBucket } from '#store'
import type { NodeParts } from './compose.ts'
import type { NodeError } from './errors.ts'
import type { Claims } from './keys/claims.ts'
import { KeyWatch, type KeyWatchOptions } from './keys/keyWatch.ts'
import { type BlockSigner, openSigner } from './keys/signer.ts'
import { Producer } from './producer.ts'
import { localRenewals, type SignRenewal } from './renewal.ts'
import { Reveals } from './reveals.ts'

/** Blocks looked through for the newest of a producer: it has one in every round. */
const SEARCHED_BLOCKS = 512n

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

/** The newest block of a producer on the canonical chain, among the newest of all. */
async function newestBlockOf(ledger: NodeParts['ledger'], producer: Address): Promise<SignedHeader | undefined> {
  const head = ledger.head().header.height
  for (let height = head; height > 0n && height > head - SEARCHED_BLOCKS; height -= 1n) {
    const hash = await ledger.hashAt(height)
    const header = hash === undefined ? undefined : (await ledger.block(hash))?.block.header
    if (header?.producer === producer) return header
  }
  return undefined
}

function createKeyWatch(parts: NodeParts, claims: Claims, signer: BlockSigner): KeyWatch | undefined {
  const watch = parts.options.producer?.watch
  if (watch === undefined) return undefined
  const { ledger, slots, ports } = parts
  const view = {
    ...claims,
    nowSlot: slots.now,
    roundSlots: () => BigInt(ledger.headState().round.order.length + 1),
    height: () => ledger.head().header.height,
    headSlot: () => ledger.head().header.slot,
    firstSlot: async () => {
      const hash = await ledger.hashAt(1n)
      return hash === undefined ? undefined : (await ledger.block(hash))?.block.header.slot
    },
    syncing: () => parts.standing.isFollowing(),
    producers: () => ledger.headState().term.producers.length,
    slotMs: () => Number(ports.chain.genesis.slotMs),
    newestOwn: () => newestBlockOf(ledger, signer.address),
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
  claims: Claims,
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
  const keyWatch = createKeyWatch(parts, claims, signer)
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
      signal: () => ports.signal?.() ?? ZERO_HASH,
      produced: publish,
      mayProduce: async () =>
        parts.standing.mayProduce() && (ports.mayProduce?.() ?? true) && ((await keyWatch?.mayProduce()) ?? true),
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
