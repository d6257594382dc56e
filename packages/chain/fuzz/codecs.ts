import { decodeHeaderData, encodeHeaderData } from '#consensus/dpos'
import {
  decodeBlock,
  decodeHeader,
  decodeListProof,
  decodeProducers,
  decodeReceipt,
  decodeSparseProof,
  decodeTransaction,
  encodeBlock,
  encodeHeader,
  encodeListProof,
  encodeProducers,
  encodeReceipt,
  encodeSparseProof,
  encodeTransaction,
  proveTransaction,
  type Receipt,
} from '#kernel'
import { decodeMessage, encodeMessage } from '#p2p'
import { AelfError, type Bytes, createPrng, equalBytes, type Prng, sha256, utf8ToBytes } from '#primitives'
import { messageOf } from './messages.ts'
import { mutate } from './mutate.ts'
import { type Complaint, type Episode, type Plant, type Shot, sayError, type Target } from './target.ts'
import { type HonestChain, honestChain, openVictim } from './world.ts'

interface Codec {
  readonly name: string
  decode(bytes: Bytes): unknown
  encode(value: never): Bytes
  samples(chain: HonestChain): Promise<readonly Bytes[]>
}

const codec = <T>(one: {
  name: string
  decode: (bytes: Bytes) => T
  encode: (value: T) => Bytes
  samples: (chain: HonestChain) => readonly Bytes[] | Promise<readonly Bytes[]>
}): Codec => ({ ...one, samples: async (chain) => one.samples(chain) })

const MESSAGE_SAMPLES = 200

function receiptSamples(): Bytes[] {
  const hash = `0x${'ab'.repeat(32)}` as Receipt['transactionId']
  const contract = `0x${'11'.repeat(20)}` as Receipt['events'][number]['contract']
  const receipts: readonly Receipt[] = [
    { transactionId: hash, status: 'success', fee: 1n, events: [] },
    { transactionId: hash, status: 'failed', error: { contract: 3, error: 7 }, fee: 12_345_678n, events: [] },
    {
      transactionId: hash,
      status: 'success',
      fee: 0n,
      events: [
        { contract, number: 1, data: new Uint8Array(40) },
        { contract, number: 2, data: new Uint8Array(0) },
      ],
    },
  ]
  return receipts.map(encodeReceipt)
}

async function proofSamples(chain: HonestChain): Promise<Bytes[]> {
  const victim = await openVictim(chain)
  const state = await victim.node.api.stateAt()
  const paths = Array.from({ length: 12 }, (_, index) => sha256(utf8ToBytes(`path ${index}`)))
  const proofs = paths.map((path) => state.prove(`0x${Buffer.from(path).toString('hex')}` as Receipt['transactionId']))
  await victim.node.stop()
  return proofs.map(encodeSparseProof)
}

/** Everything that turns bytes of others into values. */
export const codecs: readonly Codec[] = [
  codec({
    name: 'message',
    decode: decodeMessage,
    encode: encodeMessage,
    samples: (chain) => {
      const prng = createPrng('message samples')
      return Array.from({ length: MESSAGE_SAMPLES }, () => encodeMessage(messageOf(prng, chain, [])))
    },
  }),
  codec({
    name: 'block',
    decode: decodeBlock,
    encode: encodeBlock,
    samples: ({ blocks }) => blocks.map(encodeBlock),
  }),
  codec({
    name: 'header',
    decode: decodeHeader,
    encode: encodeHeader,
    samples: ({ blocks }) => blocks.map(({ header }) => encodeHeader(header)),
  }),
  codec({
    name: 'transaction',
    decode: decodeTransaction,
    encode: encodeTransaction,
    samples: ({ transfers }) => transfers.map(encodeTransaction),
  }),
  codec({ name: 'receipt', decode: decodeReceipt, encode: encodeReceipt, samples: receiptSamples }),
  codec({
    name: 'headerData',
    decode: decodeHeaderData,
    encode: encodeHeaderData,
    samples: ({ blocks }) => blocks.map(({ header }) => header.consensus),
  }),
  codec({ name: 'sparseProof', decode: decodeSparseProof, encode: encodeSparseProof, samples: proofSamples }),
  codec({
    name: 'listProof',
    decode: decodeListProof,
    encode: encodeListProof,
    samples: ({ blocks }) =>
      blocks
        .filter(({ transactions }) => transactions.length > 0)
        .map(({ transactions }) => encodeListProof(proveTransaction(transactions, transactions.length - 1))),
  }),
  codec({
    name: 'producers',
    decode: decodeProducers,
    encode: encodeProducers,
    samples: ({ world }) => [
      encodeProducers(world.delegates.map(({ address, reveals }) => ({ address, commitment: reveals.commitment }))),
    ],
  }),
]

/** The closed list of names under which decoders refuse. */
export const DECODER_CODES: ReadonlySet<string> = new Set([
  'codec.short',
  'codec.trailing',
  'codec.limit',
  'codec.range',
  'codec.bool',
  'codec.utf8',
  'codec.padding',
  'p2p.tooLarge',
  'p2p.unknownKind',
  'p2p.malformed',
  'block.tooLarge',
  'block.tooMany',
  'tx.tooLarge',
  'tx.version',
  'tx.authorization',
  'tx.field',
  'header.version',
  'dpos.malformed',
])

/** What decoding these bytes says against the decoder. */
export function checkDecoder({ name, decode, encode }: Codec, bytes: Bytes): Complaint {
  let value: unknown
  try {
    value = decode(bytes)
  } catch (error) {
    if (error instanceof AelfError && DECODER_CODES.has(error.code)) return undefined
    const code = error instanceof AelfError ? ` (${error.code})` : ''
    return `${name} refuses with ${sayError(error)}${code}, which is not listed`
  }
  try {
    const again = encode(value as never)
    return equalBytes(again, bytes) ? undefined : `${name} accepts a second encoding`
  } catch (error) {
    return `${name} accepts what it cannot encode: ${sayError(error)}`
  }
}

function planted(one: Codec, plant: Plant | undefined): Codec {
  if (one.name !== 'message') return one
  if (plant === 'decoder') {
    const decode = (bytes: Bytes): unknown => {
      if (bytes[0] === 3 && (bytes[1] ?? 0) >= 0x80) throw new RangeError('Invalid array length')
      return one.decode(bytes)
    }
    return { ...one, decode }
  }
  if (plant === 'canonical') {
    const decode = (bytes: Bytes): unknown => one.decode(bytes[0] === 2 ? bytes.subarray(0, 49) : bytes)
    return { ...one, decode }
  }
  return one
}

/** Bytes of any kind for one decoder: mostly close to valid. */
function bytesFor(prng: Prng, samples: readonly Bytes[]): Bytes {
  const kind = prng.int(16)
  if (kind === 0) return prng.bytes(prng.int(80))
  if (kind === 1) return prng.pick(samples)
  return mutate(prng, prng.pick(samples), prng.pick(samples))
}

export const codecTarget: Target = {
  name: 'codecs',
  episode: 50_000,
  async open(seed, plant): Promise<Episode> {
    const chain = await honestChain()
    const prng = createPrng(`codecs/${seed}`)
    const list: { readonly one: Codec; readonly samples: readonly Bytes[] }[] = []
    for (const one of codecs) list.push({ one: planted(one, plant), samples: await one.samples(chain) })
    return {
      next(): Shot {
        const { one, samples } = prng.pick(list)
        const bytes = bytesFor(prng, samples)
        return { bytes, deliver: () => checkDecoder(one, bytes) }
      },
      close: async () => undefined,
    }
  },
}
