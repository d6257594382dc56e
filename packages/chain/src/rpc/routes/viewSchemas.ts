import { z } from 'zod'
import type { Hex } from '#primitives'
import type { SentView } from './envelope.ts'
import type { RpcErrorObject } from './errors.ts'
import { addressSchema, decimalSchema, hashSchema, jsonSchema } from './schemas.ts'
import type {
  BlockConsensusView,
  BlockView,
  ChainInfo,
  DecodedTransaction,
  DelegateView,
  DevAccount,
  EventView,
  FailureView,
  FastForwardView,
  HeadEvent,
  HeaderView,
  MempoolView,
  PendingEvent,
  ProofView,
  ReceiptView,
  RoundView,
  SimulationView,
  SlotView,
  StateProofsView,
  TermView,
  TransactionProofView,
  TransactionView,
} from './views.ts'

/** Bytes of any length in an answer. */
export const hexSchema: z.ZodType<Hex> = z.string().regex(/^0x(?:[0-9a-f]{2})*$/) as unknown as z.ZodType<Hex>
const timeSchema = z.number().int()
const countSchema = z.number().int().min(0)

/** Answer of `aelf_chainInfo`. */
export const chainInfoSchema: z.ZodType<ChainInfo> = z.object({
  network: z.string(),
  chainId: countSchema,
  walletChainId: countSchema,
  genesisHash: hashSchema,
  genesisTimeMs: timeSchema,
  slotMs: countSchema,
  termSeconds: countSchema,
  height: decimalSchema,
  headHash: hashSchema,
  headSlot: decimalSchema,
  prevotedHeight: decimalSchema,
  finalizedHeight: decimalSchema,
  round: decimalSchema,
  term: countSchema,
  termEndsAtMs: timeSchema,
  nowMs: timeSchema,
  devnet: z.boolean(),
  engines: z.object({ signature: z.string(), hash: z.string() }),
  version: z.string(),
  nodes: countSchema,
  genesisParams: z.record(z.string(), decimalSchema).exactOptional(),
  warnings: z
    .array(z.object({ code: z.string(), message: z.string(), delegate: addressSchema.exactOptional() }))
    .exactOptional(),
})

/** Answer of `aelf_getStateProofs`. */
export const stateProofsSchema: z.ZodType<StateProofsView> = z.object({
  header: hexSchema,
  height: decimalSchema,
  entries: z.array(z.object({ path: hashSchema, value: hexSchema.nullable(), proof: hexSchema })),
})

const failureSchema: z.ZodType<FailureView> = z.object({
  code: z.string(),
  help: z.string(),
  contract: countSchema.exactOptional(),
  error: countSchema.exactOptional(),
})

const eventSchema: z.ZodType<EventView> = z.object({
  contract: z.string(),
  contractAddress: addressSchema,
  name: z.string(),
  number: countSchema,
  fields: z.record(z.string(), jsonSchema),
  data: hexSchema,
})

const receiptSchema: z.ZodType<ReceiptView> = z.object({
  status: z.enum(['success', 'failed']),
  error: failureSchema.exactOptional(),
  fee: decimalSchema,
  events: z.array(eventSchema),
})

const decodedSchema: z.ZodType<DecodedTransaction> = z.object({
  from: addressSchema,
  contract: z.string(),
  contractAddress: addressSchema,
  method: z.string(),
  args: z.record(z.string(), jsonSchema),
  intent: z.string(),
  walletChainId: decimalSchema,
  refHeight: decimalSchema,
  refHash: hexSchema,
  feeLimit: decimalSchema,
  nonce: hexSchema,
})

/** Answer of `aelf_getTransaction`. */
export const transactionSchema: z.ZodType<TransactionView> = z.object({
  id: hashSchema,
  status: z.enum(['pending', 'included', 'unknown', 'expired']),
  envelope: hexSchema.exactOptional(),
  decoded: decodedSchema.exactOptional(),
  block: z
    .object({ height: decimalSchema, hash: hashSchema, index: countSchema, timeMs: timeSchema.exactOptional() })
    .exactOptional(),
  receipt: receiptSchema.exactOptional(),
  confirmations: countSchema,
  finalized: z.boolean(),
})

const blockConsensusSchema: z.ZodType<BlockConsensusView> = z.object({
  round: decimalSchema,
  term: countSchema,
  index: countSchema.exactOptional(),
  isExtra: z.boolean(),
  reveal: hashSchema,
  prevotedHeight: decimalSchema,
  generatedHeight: decimalSchema,
})

/** Answer of `aelf_getBlock`. */
export const blockSchema: z.ZodType<BlockView> = z.object({
  hash: hashSchema,
  height: decimalSchema,
  parentHash: hashSchema,
  slot: decimalSchema,
  timeMs: timeSchema,
  producer: addressSchema,
  transactionRoot: hashSchema,
  receiptRoot: hashSchema,
  stateRoot: hashSchema,
  indexRoot: hashSchema,
  signal: hashSchema,
  consensus: blockConsensusSchema,
  transactionCount: countSchema,
  transactions: z.union([z.array(hashSchema), z.array(transactionSchema)]),
  size: countSchema,
  finalized: z.boolean(),
  canonical: z.boolean(),
})

/** Answer of `aelf_getHeader`. */
export const headerSchema: z.ZodType<HeaderView> = z.object({
  hash: hashSchema,
  height: decimalSchema,
  raw: hexSchema,
  decoded: z.record(z.string(), jsonSchema),
})

const errorSchema: z.ZodType<RpcErrorObject> = z.object({
  code: z.number().int(),
  message: z.string(),
  data: z.object({
    code: z.string(),
    help: z.string(),
    retryable: z.boolean(),
    field: z.string().exactOptional(),
    details: jsonSchema.exactOptional(),
  }),
})

/** One entry of the answer of `aelf_sendTransactions`. */
export const sentSchema: z.ZodType<SentView> = z.union([
  z.strictObject({ id: hashSchema }),
  z.strictObject({ error: errorSchema }),
])

/** Answer of `aelf_simulate`. */
export const simulationSchema: z.ZodType<SimulationView> = z.object({
  ok: z.boolean(),
  fee: decimalSchema,
  intent: z.string(),
  error: failureSchema.exactOptional(),
  events: z.array(eventSchema).exactOptional(),
})

/** Answer of `aelf_getProof`. */
export const proofSchema: z.ZodType<ProofView> = z.object({
  path: hashSchema,
  value: hexSchema.nullable(),
  decoded: jsonSchema,
  proof: hexSchema,
  header: hexSchema,
  height: decimalSchema,
})

/** Answer of `aelf_getTransactionProof`. */
export const transactionProofSchema: z.ZodType<TransactionProofView> = z.object({
  id: hashSchema,
  envelope: hexSchema,
  transactionProof: hexSchema,
  receipt: hexSchema,
  receiptProof: hexSchema,
  header: hexSchema,
  height: decimalSchema,
})

const slotSchema: z.ZodType<SlotView> = z.object({
  slot: decimalSchema,
  timeMs: timeSchema,
  producer: addressSchema,
  isExtra: z.boolean(),
  state: z.enum(['produced', 'missed', 'current', 'upcoming', 'skipped']),
  height: decimalSchema.exactOptional(),
  hash: hashSchema.exactOptional(),
  reason: z.string().exactOptional(),
})

/** Answer of `aelf_getRound`. */
export const roundSchema: z.ZodType<RoundView> = z.object({
  number: decimalSchema,
  term: countSchema,
  startSlot: decimalSchema,
  startTimeMs: timeSchema,
  order: z.array(addressSchema),
  extra: addressSchema,
  slots: z.array(slotSchema),
  excluded: z.array(z.object({ address: addressSchema, untilMs: timeSchema, failures: countSchema })),
  finalized: z.boolean(),
})

/** Answer of `aelf_getTerm`. */
export const termSchema: z.ZodType<TermView> = z.object({
  term: countSchema,
  startHeight: decimalSchema,
  producers: z.array(addressSchema),
  commitments: z.array(hashSchema).exactOptional(),
  startsAtMs: timeSchema,
  endsAtMs: timeSchema,
})

/** One entry of the answer of `aelf_getDelegates`. */
export const delegateSchema: z.ZodType<DelegateView> = z.object({
  address: addressSchema,
  name: z.string(),
  url: z.string(),
  commissionBps: countSchema,
  weight: decimalSchema,
  rank: countSchema,
  isProducer: z.boolean(),
  isBackup: z.boolean(),
  produced: countSchema,
  missed: countSchema,
  status: z.enum(['producing', 'excluded', 'paused', 'backup', 'candidate', 'retired']),
  excludedUntilMs: timeSchema.exactOptional(),
})

/** Answer of `aelf_getMempool`. */
export const mempoolSchema: z.ZodType<MempoolView> = z.object({
  count: countSchema,
  bytes: countSchema,
  transactions: z.array(z.object({ id: hashSchema, size: countSchema, decoded: decodedSchema })),
})

/** One entry of the answer of `aelf_devAccounts`. */
export const devAccountSchema: z.ZodType<DevAccount> = z.object({
  address: addressSchema,
  privateKey: hexSchema,
  label: z.string(),
})

/** Answer of `aelf_fastForward`. */
export const fastForwardSchema: z.ZodType<FastForwardView> = z.object({ nowMs: timeSchema, height: decimalSchema })

/** Event of `heads` and `finalized`. */
export const headEventSchema: z.ZodType<HeadEvent> = z.object({
  height: decimalSchema,
  hash: hashSchema,
  parentHash: hashSchema,
  slot: decimalSchema,
  timeMs: timeSchema,
  producer: addressSchema,
  prevotedHeight: decimalSchema,
  finalizedHeight: decimalSchema,
  removed: z.array(hashSchema),
  added: z.array(hashSchema),
})

/** Event of `pending`. */
export const pendingEventSchema: z.ZodType<PendingEvent> = z.object({ id: hashSchema, decoded: decodedSchema })
