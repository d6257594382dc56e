import {
  type Block,
  encodeBlock,
  encodeBody,
  encodeHeaderEntry,
  encodeTransaction,
  type Header,
  type SignedTransaction,
  sealHeader,
  signHeader,
} from '#kernel'
import {
  MAX_BODIES,
  MAX_BUNDLE_PART_BYTES,
  MAX_HEADERS,
  MAX_LOCATOR_HASHES,
  MAX_RANGE_BLOCKS,
  type Message,
} from '#p2p'
import { type Bytes, bytesToHash, bytesToHex, type Hash, type Hex, type Prng } from '#primitives'
import { mutate } from './mutate.ts'
import { type HonestChain, KNOWN_HEIGHT, transferOf } from './world.ts'

const RANDOM_TRANSACTIONS = 4
const RANDOM_BLOCKS = 3
const MAX_U64 = 2n ** 64n - 1n
const EDGE_NUMBERS: readonly bigint[] = [0n, 1n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, MAX_U64]

const hash = (prng: Prng): Hash => bytesToHash(prng.bytes(32))
const near = (prng: Prng, value: bigint): bigint => {
  const moved = value + BigInt(prng.int(7)) - 3n
  return moved < 0n ? 0n : moved > MAX_U64 ? MAX_U64 : moved
}
const number = (prng: Prng, around: bigint): bigint =>
  prng.bool([1, 4]) ? prng.pick(EDGE_NUMBERS) : near(prng, around)

/** A field that no honest producer writes like this; heads with it must be refused even when a producer signs them. */
function liedHeader(prng: Prng, header: Header): Header {
  const lies: readonly ((given: Header) => Partial<Header>)[] = [
    () => ({ stateRoot: hash(prng) }),
    () => ({ receiptRoot: hash(prng) }),
    () => ({ transactionRoot: hash(prng) }),
    () => ({ indexRoot: hash(prng) }),
    ({ height }) => ({ height: (height + 1n + BigInt(prng.int(3))) & MAX_U64 }),
    ({ height }) => ({ height: height > 0n ? height - 1n : 7n }),
    ({ chainId }) => ({ chainId: (chainId + 1) >>> 0 }),
    () => ({ extension: prng.bytes(1 + prng.int(32)) }),
    () => ({ consensus: prng.bytes(prng.int(200)) }),
  ]
  return { ...header, ...prng.pick(lies)(header) }
}

/** Fields that anybody may fill in as long as nobody has to sign for it. */
function twistedHeader(prng: Prng, header: Header): Header {
  const twists: readonly ((given: Header) => Partial<Header>)[] = [
    ({ height }) => ({ height: number(prng, height) }),
    ({ slot }) => ({ slot: number(prng, slot) }),
    () => ({ parentHash: hash(prng) }),
    () => ({ signal: hash(prng) }),
    ({ consensus }) => ({ consensus: mutate(prng, consensus, consensus).slice(0, 4096) }),
    (given) => liedHeader(prng, given),
  ]
  let twisted = header
  for (let count = 1 + prng.int(2); count > 0; count -= 1) twisted = { ...twisted, ...prng.pick(twists)(twisted) }
  return twisted
}

/** Transactions that do not belong into their block. */
function otherBody(prng: Prng, { transactions }: Block, chain: HonestChain): readonly SignedTransaction[] {
  const strange = prng.pick(chain.transfers)
  return prng.pick([
    [...transactions, strange],
    transactions.slice(1),
    [...transactions].reverse(),
    [...transactions, ...transactions],
    new Array<SignedTransaction>(1 + prng.int(40)).fill(strange),
  ])
}

/** A block: true, with another body, with a header nobody signed, signed by a stranger, or signed by its producer but wrong. */
function blockBytes(prng: Prng, chain: HonestChain): Bytes {
  const block = prng.pick(chain.blocks)
  const { header } = block
  const signer = chain.world.delegates.find(({ address }) => address === header.producer)
  switch (prng.int(6)) {
    case 0:
      return encodeBlock(block)
    case 1:
      return encodeBlock({ header, transactions: otherBody(prng, block, chain) })
    case 2:
      return encodeBlock({ ...block, header: sealHeader(twistedHeader(prng, header), header.signature) })
    case 3:
      return encodeBlock({ ...block, header: signHeader(twistedHeader(prng, header), prng.bytes(32)) })
    case 4:
      if (signer === undefined) return encodeBlock(block)
      return encodeBlock({ ...block, header: signHeader(liedHeader(prng, header), signer.privateKey) })
    default:
      return mutate(prng, encodeBlock(block), encodeBlock(prng.pick(chain.blocks)))
  }
}

/** True headers in order, the last of them now and then with a lie in it. */
function headerRun(prng: Prng, chain: HonestChain): Bytes[] {
  const from = prng.bool() ? KNOWN_HEIGHT : prng.int(chain.blocks.length)
  const run = chain.blocks.slice(from, from + prng.int(20)).map(({ header }) => encodeHeaderEntry({ header }))
  const header = prng.pick(chain.blocks).header
  const lie = prng.pick<() => Bytes[]>([
    () => [],
    () => [encodeHeaderEntry({ header: signHeader(twistedHeader(prng, header), prng.bytes(32)) })],
    () => [encodeHeaderEntry({ header, producers: [{ address: header.producer, commitment: hash(prng) }] })],
    () => [mutate(prng, encodeHeaderEntry({ header }), encodeHeaderEntry({ header }))],
  ])
  return [...run, ...lie()]
}

function bodyBytes(prng: Prng, chain: HonestChain): Bytes {
  const block = prng.pick(chain.blocks)
  const body = encodeBody(prng.bool() ? block.transactions : otherBody(prng, block, chain))
  return prng.bool([3, 4]) ? body : mutate(prng, body, body)
}

function transactionBytes(prng: Prng, chain: HonestChain): Bytes {
  const known = prng.pick(chain.transfers)
  const tip = chain.blocks[KNOWN_HEIGHT - 1 - prng.int(3)] ?? chain.blocks[0]
  const nonce = bytesToHex(prng.bytes(8))
  const mark = { refHeight: tip?.header.height ?? 0n, refHash: (tip?.header.hash ?? '0x').slice(0, 18) as Hex }
  switch (prng.int(5)) {
    case 0:
      return encodeTransaction(known)
    case 1:
      return encodeTransaction(transferOf(chain.world, { from: prng.int(10), nonce, mark }))
    case 2: {
      const change = prng.pick([
        { refHeight: number(prng, mark.refHeight) },
        { refHash: nonce },
        { feeLimit: prng.pick([0n, 1n, 2n ** 128n - 1n]) },
        { method: prng.int(65536) },
        { args: prng.bytes(prng.int(200)) },
        { walletChainId: number(prng, 0n) },
      ])
      // What the wallet's text cannot show is signed by nobody: the signature of another one stands in.
      const { authorization } = known
      return encodeTransaction({ ...known, ...mark, nonce, ...change, authorization })
    }
    default:
      return mutate(prng, encodeTransaction(known), encodeTransaction(prng.pick(chain.transfers)))
  }
}

const many = <T>(most: number, prng: Prng, make: () => T): T[] => Array.from({ length: prng.int(most + 1) }, make)

type Makers = {
  readonly [Kind in Message['kind']]: (
    prng: Prng,
    chain: HonestChain,
    asked: readonly number[],
  ) => Extract<Message, { kind: Kind }>
}

/** How to make a message of each kind; a new kind does not compile without one. */
const makers: Makers = {
  block: (prng, chain) => ({ kind: 'block', block: blockBytes(prng, chain) }),
  announce: (prng, chain) => {
    const { header } = prng.pick(chain.blocks)
    const known = prng.bool()
    return {
      kind: 'announce',
      height: known ? header.height : number(prng, header.height),
      slot: known ? header.slot : number(prng, header.slot),
      hash: known ? header.hash : hash(prng),
    }
  },
  transactions: (prng, chain) => ({
    kind: 'transactions',
    transactions: many(RANDOM_TRANSACTIONS, prng, () => transactionBytes(prng, chain)),
  }),
  getBlocks: (prng, chain) => ({
    kind: 'getBlocks',
    request: prng.u32(),
    limit: 1 + prng.int(MAX_RANGE_BLOCKS),
    locator: Array.from({ length: 1 + prng.int(MAX_LOCATOR_HASHES) }, () =>
      prng.bool() ? hash(prng) : prng.pick(chain.blocks).header.hash,
    ),
  }),
  blocks: (prng, chain, asked) => ({
    kind: 'blocks',
    request: asked.length > 0 && prng.bool([7, 8]) ? prng.pick(asked) : prng.u32(),
    blocks: many(RANDOM_BLOCKS, prng, () => blockBytes(prng, chain)),
  }),
  getHeaders: (prng, chain) => ({
    kind: 'getHeaders',
    request: prng.u32(),
    limit: 1 + prng.int(MAX_HEADERS),
    locator: Array.from({ length: 1 + prng.int(MAX_LOCATOR_HASHES) }, () =>
      prng.bool() ? hash(prng) : prng.pick(chain.blocks).header.hash,
    ),
  }),
  headers: (prng, chain, asked) => ({
    kind: 'headers',
    request: asked.length > 0 && prng.bool([7, 8]) ? prng.pick(asked) : prng.u32(),
    headers: headerRun(prng, chain),
  }),
  getBodies: (prng, chain) => ({
    kind: 'getBodies',
    request: prng.u32(),
    hashes: Array.from({ length: 1 + prng.int(MAX_BODIES) }, () =>
      prng.bool([1, 8]) ? hash(prng) : prng.pick(chain.blocks).header.hash,
    ),
  }),
  bodies: (prng, chain, asked) => ({
    kind: 'bodies',
    request: asked.length > 0 && prng.bool([7, 8]) ? prng.pick(asked) : prng.u32(),
    bodies: many(RANDOM_BLOCKS, prng, () => bodyBytes(prng, chain)),
  }),
  getBundle: (prng) => ({ kind: 'getBundle', request: prng.u32(), hash: hash(prng), part: prng.int(4) }),
  bundle: (prng, _chain, asked) => {
    const part = prng.bytes(prng.int(2000))
    return {
      kind: 'bundle',
      request: asked.length > 0 && prng.bool([7, 8]) ? prng.pick(asked) : prng.u32(),
      size: prng.bool() ? part.length : part.length + prng.int(MAX_BUNDLE_PART_BYTES),
      part,
    }
  },
}

export const messageKinds: readonly Message['kind'][] = Object.keys(makers) as Message['kind'][]

/** A message that decodes; `asked` are numbers of questions the receiver has asked. */
export const messageOf = (prng: Prng, chain: HonestChain, asked: readonly number[]): Message =>
  makers[prng.pick(messageKinds)](prng, chain, asked)
