import { z } from 'zod'
import { MAX_BLOCK_RANGE, MAX_FAST_FORWARD_SECONDS, MAX_SENT_TOGETHER, MAX_STATE_PATHS } from './limits.ts'
import { metadataSchema } from './metadataSchemas.ts'
import {
  executionCostsSchema,
  logOptionsSchema,
  nodeInfoSchema,
  operatorChallengeSchema,
  operatorLogSchema,
  operatorPairingSchema,
  operatorStatusSchema,
  operatorTraceSchema,
  signatureSchema,
  tokenSchema,
  traceActionSchema,
} from './operatorSchemas.ts'
import type { RouteAccess, RouteName, RouteParams, RouteResult, RouteSpec } from './routeTypes.ts'
import {
  addressSchema,
  argumentsSchema,
  decimalSchema,
  envelopeSchema,
  hashSchema,
  isUint64Text,
  jsonSchema,
  keySchema,
  nameSchema,
  uint32Schema,
  uint64Schema,
} from './schemas.ts'
import {
  blockSchema,
  chainInfoSchema,
  delegateSchema,
  devAccountSchema,
  fastForwardSchema,
  headerSchema,
  mempoolSchema,
  proofSchema,
  roundSchema,
  sentSchema,
  simulationSchema,
  stateProofsSchema,
  termSchema,
  transactionProofSchema,
  transactionSchema,
} from './viewSchemas.ts'
import type { Decimal } from './views.ts'

const blockReferenceSchema = z.union(
  [z.enum(['latest', 'finalized', 'genesis']), hashSchema, uint64Schema],
  'a height, a block hash, "latest", "finalized" or "genesis"',
)
const atSchema = z.strictObject({ at: uint64Schema.exactOptional() }).exactOptional()
const callSchema = z.strictObject({
  from: addressSchema,
  contract: nameSchema,
  method: nameSchema,
  args: argumentsSchema,
})
const isShortRange = ([from, to]: readonly [Decimal | number, Decimal | number]): boolean => {
  if (!isUint64Text(String(from)) || !isUint64Text(String(to))) return false
  const count = BigInt(to) - BigInt(from) + 1n
  return count >= 1n && count <= BigInt(MAX_BLOCK_RANGE)
}
const rangeSchema = z
  .tuple([uint64Schema, uint64Schema])
  .refine(isShortRange, { message: `from 1 to ${MAX_BLOCK_RANGE} blocks, lowest height first`, path: [1] })
const jumpSchema = z.strictObject({
  seconds: z.number().int('whole seconds').min(1, 'one or more').max(MAX_FAST_FORWARD_SECONDS, 'at most 366 days'),
})
const none = z.tuple([])
const pausedSchema = z.object({ paused: z.boolean() })
const signalSchema = z.object({ signal: hashSchema.nullable() })

interface RouteBody<Name extends RouteName> {
  readonly doc: string
  readonly access?: RouteAccess
  readonly names: readonly string[]
  readonly params: z.ZodType<RouteParams<Name>>
  readonly result: z.ZodType<RouteResult<Name>>
}

const bodies: { readonly [Name in RouteName]: RouteBody<Name> } = {
  aelf_chainInfo: { doc: 'Which network this is and how far it is.', names: [], params: none, result: chainInfoSchema },
  aelf_getBlock: {
    doc: 'One block, with transaction ids or whole transactions.',
    names: ['reference', 'options'],
    result: blockSchema,
    params: z.tuple([
      blockReferenceSchema,
      z.strictObject({ transactions: z.enum(['ids', 'full']).exactOptional() }).exactOptional(),
    ]),
  },
  aelf_getBlocks: {
    doc: `Up to ${MAX_BLOCK_RANGE} consecutive blocks of the chain, both ends included; stops at the head.`,
    names: ['from', 'to'],
    params: rangeSchema,
    result: z.array(blockSchema),
  },
  aelf_getHeader: {
    doc: 'A signed header, encoded and decoded.',
    names: ['reference'],
    params: z.tuple([blockReferenceSchema]),
    result: headerSchema,
  },
  aelf_getTransaction: {
    doc: 'A transaction, its block, its receipt and how settled it is.',
    names: ['id'],
    params: z.tuple([hashSchema]),
    result: transactionSchema,
  },
  aelf_sendTransaction: {
    doc: 'Takes a signed transaction; answers once it is safe on disk.',
    names: ['envelope'],
    params: z.tuple([envelopeSchema]),
    result: z.object({ id: hashSchema }),
  },
  aelf_sendTransactions: {
    doc: `Takes up to ${MAX_SENT_TOGETHER} signed transactions; answers once all are safe on disk or refused, each with its id or its error, in order.`,
    names: ['envelopes'],
    params: z.tuple([
      z
        .array(envelopeSchema)
        .min(1, 'at least one transaction')
        .max(MAX_SENT_TOGETHER, `at most ${MAX_SENT_TOGETHER} transactions`),
    ]),
    result: z.array(sentSchema),
  },
  aelf_simulate: {
    doc: 'What a call would do on top of the head, its fee and the sentence to sign.',
    names: ['call'],
    params: z.tuple([callSchema]),
    result: simulationSchema,
  },
  aelf_estimateFee: {
    doc: 'The fee of a call in the smallest unit of ELF.',
    names: ['call'],
    params: z.tuple([callSchema]),
    result: z.object({ fee: decimalSchema }),
  },
  aelf_call: {
    doc: 'Asks a view of a contract, at the head or at a kept height.',
    names: ['contract', 'view', 'args', 'options'],
    params: z.tuple([nameSchema, nameSchema, argumentsSchema.exactOptional(), atSchema]),
    result: jsonSchema,
  },
  aelf_getProof: {
    doc: 'A state value, or its absence, with the path to the state root of a signed header.',
    names: ['contract', 'item', 'key', 'options'],
    params: z.tuple([nameSchema, nameSchema, keySchema, atSchema]),
    result: proofSchema,
  },
  aelf_getStateProofs: {
    doc: 'State values by their paths, or their absence, each with the path to the state root of a signed header.',
    names: ['paths', 'options'],
    params: z.tuple([
      z.array(hashSchema).min(1, 'one or more').max(MAX_STATE_PATHS, `at most ${MAX_STATE_PATHS}`),
      atSchema,
    ]),
    result: stateProofsSchema,
  },
  aelf_getTransactionProof: {
    doc: 'A transaction and its receipt with the paths to a signed header.',
    names: ['id'],
    params: z.tuple([hashSchema]),
    result: transactionProofSchema,
  },
  aelf_getRound: {
    doc: 'Who produces when in a round, and what came of it.',
    names: ['round'],
    params: z.tuple([z.union([z.literal('latest'), uint64Schema], 'a round number or "latest"').exactOptional()]),
    result: roundSchema,
  },
  aelf_getTerm: {
    doc: 'The producers of a term.',
    names: ['term'],
    params: z.tuple([z.union([z.literal('latest'), uint32Schema], 'a term number or "latest"').exactOptional()]),
    result: termSchema,
  },
  aelf_getDelegates: { doc: 'Every delegate, by rank.', names: [], params: none, result: z.array(delegateSchema) },
  aelf_getMempool: { doc: 'The waiting room, best paying first.', names: [], params: none, result: mempoolSchema },
  aelf_getMetadata: {
    doc: 'Contracts, methods, views, items, events and errors.',
    names: [],
    params: none,
    result: metadataSchema,
  },
  aelf_executionCosts: { doc: 'What calls take, by method.', names: [], params: none, result: executionCostsSchema },
  aelf_nodeInfo: {
    doc: 'Which node this is, what it does, how far its sync is, and which contracts it can run.',
    names: [],
    params: none,
    result: nodeInfoSchema,
  },
  aelf_operatorChallenge: {
    doc: 'A text for the operator of the node to sign with `personal_sign`.',
    names: ['address'],
    params: z.tuple([addressSchema]),
    result: operatorChallengeSchema,
  },
  aelf_operatorPair: {
    doc: "Takes the signature and gives a token for the node's console.",
    names: ['nonce', 'signature'],
    params: z.tuple([tokenSchema, signatureSchema]),
    result: operatorPairingSchema,
  },
  aelf_operatorStatus: {
    doc: 'Delegate, slots, peers, disk and warnings of the node, for its operator.',
    names: ['token'],
    params: z.tuple([tokenSchema]),
    result: operatorStatusSchema,
  },
  aelf_operatorLogs: {
    doc: "The newest lines of the node's log, for its operator.",
    names: ['token', 'options'],
    params: z.tuple([tokenSchema, logOptionsSchema]),
    result: z.array(operatorLogSchema),
  },
  aelf_operatorTrace: {
    doc: 'Begins a look at how blocks go through the node, or ends it and gives the steps, for its operator.',
    names: ['token', 'action'],
    params: z.tuple([tokenSchema, traceActionSchema]),
    result: operatorTraceSchema,
  },
  aelf_operatorUnpair: {
    doc: 'Ends a pairing; false when there was none.',
    names: ['token'],
    params: z.tuple([tokenSchema]),
    result: z.boolean(),
  },
  aelf_devAccounts: {
    doc: 'Funded accounts; their keys are public.',
    access: 'devnet',
    names: [],
    params: none,
    result: z.array(devAccountSchema),
  },
  aelf_fastForward: {
    doc: 'Moves the clock of the whole network.',
    access: 'devnet',
    names: ['jump'],
    params: z.tuple([jumpSchema]),
    result: fastForwardSchema,
  },
  aelf_pauseDelegate: {
    doc: 'Stops one delegate from producing.',
    access: 'devnet',
    names: ['delegate'],
    params: z.tuple([addressSchema]),
    result: pausedSchema,
  },
  aelf_resumeDelegate: {
    doc: 'Lets a stopped delegate produce again.',
    access: 'devnet',
    names: ['delegate'],
    params: z.tuple([addressSchema]),
    result: pausedSchema,
  },
  aelf_signalCollection: {
    doc: "Chooses the collection that one delegate's blocks signal; null for none.",
    access: 'devnet',
    names: ['delegate', 'collection'],
    params: z.tuple([addressSchema, hashSchema.nullable()]),
    result: signalSchema,
  },
  aelf_subscribe: {
    doc: 'Delivers heads, finalized blocks or pending transactions from now on.',
    access: 'socket',
    names: ['topic'],
    params: z.tuple([z.enum(['heads', 'finalized', 'pending'])]),
    result: z.string(),
  },
  aelf_unsubscribe: {
    doc: 'Ends a subscription; false when there was none.',
    access: 'socket',
    names: ['subscription'],
    params: z.tuple([z.string().min(1).max(64)]),
    result: z.boolean(),
  },
}

const specs = Object.fromEntries(
  Object.entries(bodies).map(([name, body]) => [name, { access: 'open', ...body, name }]),
)

/** Every method with its schemas: the server validates with them, clients may. */
export const routes: { readonly [Name in RouteName]: RouteSpec<Name> } = specs as {
  readonly [Name in RouteName]: RouteSpec<Name>
}

/** Names of all methods, in the order of the table. */
export const routeNames: readonly RouteName[] = Object.keys(bodies) as RouteName[]

/** True when there is such a method. */
export const isRouteName = (name: string): name is RouteName => Object.hasOwn(bodies, name)
