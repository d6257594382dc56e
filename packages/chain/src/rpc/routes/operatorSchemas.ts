import { z } from 'zod'
import type { Hex } from '#primitives'
import { MAX_LOG_LINES, MAX_TOKEN_LENGTH } from './limits.ts'
import type {
  ExecutionCostView,
  NodeInfoView,
  OperatorChallengeView,
  OperatorDelegateView,
  OperatorLogLevel,
  OperatorLogView,
  OperatorPairingView,
  OperatorPeerView,
  OperatorSlotView,
  OperatorStatusView,
  OperatorTraceAction,
  OperatorTraceView,
} from './operatorViews.ts'
import { addressSchema, decimalSchema, hashSchema, jsonSchema } from './schemas.ts'

const timeSchema = z.number().int()
const countSchema = z.number().int().min(0)
const levelSchema = z.enum(['debug', 'info', 'warn', 'error'])

/** A nonce or a token: base64url text. */
export const tokenSchema: z.ZodType<string, string> = z
  .string()
  .min(1, 'not empty')
  .max(MAX_TOKEN_LENGTH, `at most ${MAX_TOKEN_LENGTH} characters`)
  .regex(/^[A-Za-z0-9_-]+$/, 'letters, digits, "-" and "_"')

/** A signature of `personal_sign`. */
export const signatureSchema: z.ZodType<Hex, Hex> = z
  .string()
  .regex(/^0x[0-9a-fA-F]{130}$/, 'a signature is 0x and 130 hex digits')
  .transform((text) => text.toLowerCase()) as unknown as z.ZodType<Hex, Hex>

/** Which log lines. */
export const logOptionsSchema: z.ZodType<{ readonly limit: number; readonly level: OperatorLogLevel }> = z.strictObject(
  {
    limit: z.number().int('a whole number').min(1, 'one or more').max(MAX_LOG_LINES, `at most ${MAX_LOG_LINES}`),
    level: levelSchema,
  },
)

const figureSchema = z.number().min(0)

/** Answer of `aelf_executionCosts`. */
export const executionCostsSchema: z.ZodType<ExecutionCostView[]> = z.array(
  z.object({
    contract: z.string(),
    method: z.string(),
    calls: countSchema,
    units: figureSchema,
    expectedUs: figureSchema,
    totalExpectedUs: figureSchema,
    totalMeasuredUs: figureSchema,
  }),
)

/** Answer of `aelf_nodeInfo`. */
export const nodeInfoSchema: z.ZodType<NodeInfoView> = z.object({
  version: z.string(),
  network: z.string(),
  chainId: countSchema,
  genesisHash: hashSchema,
  startedAtMs: timeSchema,
  nowMs: timeSchema,
  delegate: addressSchema.nullable(),
  role: z.enum(['producer', 'backup', 'candidate', 'observer']),
  peers: countSchema,
  sync: z.object({
    state: z.enum(['synced', 'syncing', 'waiting', 'suspended']),
    height: decimalSchema,
    targetHeight: decimalSchema,
    reason: z.string().exactOptional(),
  }),
  engines: z.object({ signature: z.string(), hash: z.string() }),
  collection: z
    .object({ running: hashSchema, signal: hashSchema.nullable(), installed: z.array(hashSchema) })
    .exactOptional(),
  platform: z.string(),
  clockOffsetMs: z.number().nullable().exactOptional(),
})

/** Answer of `aelf_operatorChallenge`. */
export const operatorChallengeSchema: z.ZodType<OperatorChallengeView> = z.object({
  nonce: z.string(),
  message: z.string(),
  expiresAtMs: timeSchema,
})

/** Answer of `aelf_operatorPair`. */
export const operatorPairingSchema: z.ZodType<OperatorPairingView> = z.object({
  token: z.string(),
  address: addressSchema,
  expiresAtMs: timeSchema,
})

const delegateSchema: z.ZodType<OperatorDelegateView> = z.object({
  address: addressSchema,
  name: z.string(),
  inRotation: z.boolean(),
  produced: countSchema,
  missed: countSchema,
  excludedUntilMs: timeSchema.nullable(),
  failures: countSchema,
  lastSigned: z.object({ slot: decimalSchema, height: decimalSchema }).nullable(),
  keySource: z.enum(['keystore', 'remote']).nullable(),
  nextSlotAtMs: timeSchema.nullable(),
  watching: z.boolean(),
})

const slotSchema: z.ZodType<OperatorSlotView> = z.object({
  slot: decimalSchema,
  timeMs: timeSchema,
  round: decimalSchema,
  state: z.enum(['produced', 'missed']),
  height: decimalSchema.nullable(),
  reason: z.string().nullable(),
})

const peerSchema: z.ZodType<OperatorPeerView> = z.object({
  id: z.string(),
  address: z.string(),
  direction: z.enum(['in', 'out']),
  agent: z.string(),
  connectedAtMs: timeSchema,
  score: z.number(),
  height: decimalSchema.nullable(),
  latencyMs: z.number().nullable(),
  clockOffsetMs: z.number().nullable().exactOptional(),
})

/** Answer of `aelf_operatorStatus`. */
export const operatorStatusSchema: z.ZodType<OperatorStatusView> = z.object({
  info: nodeInfoSchema,
  delegate: delegateSchema.nullable(),
  recentSlots: z.array(slotSchema),
  peers: z.array(peerSchema),
  bans: z.array(z.object({ id: z.string(), untilMs: timeSchema, reason: z.string() })),
  disk: z.object({ usedBytes: countSchema, freeBytes: countSchema }),
  memory: z.object({ rssBytes: countSchema, heapBytes: countSchema }),
  clock: z.object({ offsetMs: z.number().nullable() }),
  warnings: z.array(z.object({ code: z.string(), message: z.string(), delegate: addressSchema.exactOptional() })),
})

/** A line of `aelf_operatorLogs`. */
export const operatorLogSchema: z.ZodType<OperatorLogView> = z.object({
  timeMs: timeSchema,
  level: levelSchema,
  message: z.string(),
  fields: z.record(z.string(), jsonSchema),
})

export const traceActionSchema: z.ZodType<OperatorTraceAction, OperatorTraceAction> = z.enum(['start', 'stop'])

/** Answer of `aelf_operatorTrace`. */
export const operatorTraceSchema: z.ZodType<OperatorTraceView> = z.object({
  spans: z.array(
    z.object({
      step: z.enum(['verify', 'execute', 'root', 'commit']),
      height: decimalSchema,
      startMs: z.number().min(0),
      endMs: z.number().min(0),
    }),
  ),
  dropped: countSchema,
})
