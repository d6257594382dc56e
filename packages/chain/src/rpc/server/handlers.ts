import {
  decodeFields,
  encodeArgs,
  encodeFields,
  encodeHeader,
  encodeListProof,
  encodeReceipt,
  encodeSparseProof,
  proveReceipt,
  proveTransaction,
  statePath,
} from '#kernel'
import { AelfError, asAddress, asHash, bytesToHex, type Logger } from '#primitives'
import {
  type BlockReference,
  type Json,
  MAX_BLOCK_RANGE,
  type RouteName,
  type RouteParams,
  type RouteResult,
  type SentView,
  type SimulationRequest,
} from '#rpc/routes'
import type { Catalogue } from './catalogue.ts'
import { createDelegateLister } from './delegates.ts'
import { devnetHandlers } from './devnetHandlers.ts'
import type { Session } from './dispatch.ts'
import { failureToObject, RpcFailure } from './failure.ts'
import { operatorHandlers } from './operatorHandlers.ts'
import type { NodePort, OperatorPort, StoredBlock, TriedCall } from './ports.ts'
import {
  blockToView,
  headerToView,
  roundToView,
  termToView,
  transactionToDecoded,
  transactionToView,
} from './present.ts'
import { createSubmitter } from './submitter.ts'
import { readNamed, readTransaction, readValue, toJson } from './values.ts'

/** What handlers work with. */
export interface HandlerContext {
  readonly node: NodePort
  readonly catalogue: Catalogue
  /** Chain id for wallets. */
  readonly walletChainId: number
  readonly logger: Logger
  /** Left out where no node is behind the server that somebody operates. */
  readonly operator?: OperatorPort | undefined
}

type Handler<Name extends RouteName> = (
  params: RouteParams<Name>,
  session: Session,
) => RouteResult<Name> | Promise<RouteResult<Name>>

/** One handler for every method of the table. */
export type Handlers = { readonly [Name in RouteName]: Handler<Name> }

const POOL_SHOWN = 100
const BLOCKS_PER_READ = 10
const MAX_IDS_LISTED = 100_000

/** Binds the table of methods to a node. */
export function createHandlers(context: HandlerContext): Handlers {
  return {
    ...chainHandlers(context),
    ...transactionHandlers(context),
    ...stateHandlers(context),
    ...consensusHandlers(context),
    ...operatorHandlers(context),
    ...devnetHandlers(context),
  }
}

function chainHandlers({ node, catalogue, walletChainId }: HandlerContext) {
  return {
    aelf_chainInfo: () => {
      const { headTimeMs: _headTimeMs, mempool: _mempool, ...status } = node.status()
      return {
        ...status,
        walletChainId,
        height: status.height.toString(),
        headSlot: status.headSlot.toString(),
        prevotedHeight: status.prevotedHeight.toString(),
        finalizedHeight: status.finalizedHeight.toString(),
        round: status.round.toString(),
        genesisParams: Object.fromEntries(
          Object.entries(status.genesisParams).map(([name, value]) => [name, value.toString()]),
        ),
      }
    },
    aelf_getBlock: async ([reference, options]) =>
      blockToView(await blockOf(node, reference), node.status(), catalogue, options?.transactions === 'full'),
    aelf_getBlocks: async ([from, to]) => {
      const views = []
      const last = minOf(BigInt(to), node.status().height)
      let ids = 0
      for (let first = BigInt(from); first <= last; first += BigInt(BLOCKS_PER_READ)) {
        for (const stored of await node.blocks(first, minOf(last, first + BigInt(BLOCKS_PER_READ - 1)))) {
          ids += stored.receipts.length
          if (ids > MAX_IDS_LISTED || views.length >= MAX_BLOCK_RANGE) throw new RpcFailure('rpc.responseTooLarge')
          views.push(await blockToView(stored, node.status(), catalogue, false))
        }
      }
      return views
    },
    aelf_getHeader: async ([reference]) => headerToView((await blockOf(node, reference)).block.header),
    aelf_executionCosts: () => [...node.executionCosts()],
    aelf_getMetadata: () => ({ contracts: catalogue.running() }),
  } satisfies Partial<Handlers>
}

function transactionHandlers({ node, catalogue, logger }: HandlerContext) {
  const submit = createSubmitter(node)
  const tried = ({ from, contract, method, args }: SimulationRequest): Promise<TriedCall> => {
    const found = catalogue.methodNamed(contract, method, 'params[0]')
    const values = readNamed(found.abi.args, args, 'params[0].args')
    return node.simulate({
      from: asAddress(from),
      contract: found.contractAddress,
      method: found.number,
      args: encodeArgs(found.abi, values),
    })
  }
  return {
    aelf_getTransaction: async ([given]) => {
      const id = asHash(given)
      const record = await node.transaction(id)
      const { genesisTimeMs, slotMs } = node.status()
      const timeMs = record.status === 'included' ? genesisTimeMs + Number(record.header.slot) * slotMs : undefined
      return transactionToView(id, record, catalogue, timeMs)
    },
    aelf_sendTransaction: async ([envelope]) => {
      try {
        return { id: await submit(readTransaction(envelope, { name: 'envelope', field: 'params[0]' })) }
      } catch (error) {
        throw named(error, catalogue)
      }
    },
    aelf_sendTransactions: async ([envelopes]) => {
      const bytes = envelopes.map((envelope, index) =>
        readTransaction(envelope, { name: 'envelopes', field: `params[0].${index}` }),
      )
      const found = await node.submitAll(bytes)
      return found.map((one) => ('error' in one ? refused(named(one.error, catalogue), logger) : one))
    },
    aelf_simulate: async ([call]) => {
      const { ok, fee, intent, error } = await tried(call)
      return { ok, fee: fee.toString(), intent, ...(error === undefined ? {} : { error: catalogue.failure(error) }) }
    },
    aelf_estimateFee: async ([call]) => ({ fee: (await tried(call)).fee.toString() }),
    aelf_getTransactionProof: async ([given]) => {
      const id = asHash(given)
      const record = await node.transaction(id)
      if (record.status !== 'included')
        throw new RpcFailure('proof.unavailable', { details: { status: record.status } })
      const stored = await node.blockByHash(record.header.hash)
      if (stored === undefined) throw new RpcFailure('proof.unavailable')
      return {
        id,
        envelope: bytesToHex(record.envelope),
        transactionProof: bytesToHex(encodeListProof(proveTransaction(stored.block.transactions, record.index))),
        receipt: bytesToHex(encodeReceipt(record.receipt)),
        receiptProof: bytesToHex(encodeListProof(proveReceipt(stored.receipts, record.index))),
        header: bytesToHex(encodeHeader(record.header)),
        height: record.header.height.toString(),
      }
    },
    aelf_getMempool: () => {
      const { transactions, bytes } = node.status().mempool
      const shown = node.pending(POOL_SHOWN).map(({ id, transaction, sizeBytes }) => ({
        id,
        size: sizeBytes,
        decoded: transactionToDecoded(transaction, catalogue),
      }))
      return { count: transactions, bytes, transactions: shown }
    },
  } satisfies Partial<Handlers>
}

function stateHandlers({ node, catalogue }: HandlerContext) {
  return {
    aelf_call: async ([contract, view, args, options]) => {
      const { args: specs } = catalogue.viewNamed(contract, view)
      const values = readNamed(specs, args ?? {}, 'params[2]')
      const at = heightOf(options)
      const request = {
        contract,
        view,
        args: specs.map(({ name }) => values[name]),
        ...(at === undefined ? {} : { at }),
      }
      return toJson(await node.view(request))
    },
    aelf_getProof: async ([contract, item, key, options]) => {
      const found = catalogue.itemNamed(contract, item)
      const path = statePath(found.contract.address, found.item.number, keyBytes(found.item, key))
      const state = await node.stateAt(heightOf(options))
      const value = state.reader.get(path)
      return {
        path,
        value: value === undefined ? null : bytesToHex(value),
        decoded: value === undefined ? null : toJson(decodeFields(found.item.value, value)),
        proof: bytesToHex(encodeSparseProof(state.prove(path))),
        header: bytesToHex(encodeHeader(state.header)),
        height: state.header.height.toString(),
      }
    },
    aelf_getStateProofs: async ([paths, options]) => {
      const state = await node.stateAt(heightOf(options))
      const entries = paths.map((text) => {
        const path = asHash(text)
        const value = state.reader.get(path)
        return {
          path,
          value: value === undefined ? null : bytesToHex(value),
          proof: bytesToHex(encodeSparseProof(state.prove(path))),
        }
      })
      return { header: bytesToHex(encodeHeader(state.header)), height: state.header.height.toString(), entries }
    },
  } satisfies Partial<Handlers>
}

function consensusHandlers({ node }: HandlerContext) {
  return {
    aelf_getRound: async ([number]) => {
      const round = await node.round(number === undefined || number === 'latest' ? 'latest' : BigInt(number))
      if (round === undefined) throw new RpcFailure('round.notFound', { field: 'params[0]' })
      return roundToView(round)
    },
    aelf_getTerm: async ([number]) => {
      const term = await node.term(number ?? 'latest')
      if (term === undefined) throw new RpcFailure('term.notFound', { field: 'params[0]' })
      return termToView(term)
    },
    aelf_getDelegates: createDelegateLister(node),
  } satisfies Partial<Handlers>
}

/** A contract's refusal gets its name; any other error stays as it is. */
function named(error: unknown, catalogue: Catalogue): unknown {
  if (!(error instanceof AelfError) || error.code !== 'tx.refused') return error
  const { contract, error: number } = error.details
  if (typeof contract !== 'number' || typeof number !== 'number') return error
  const failure = catalogue.failure({ contract, error: number })
  return new RpcFailure('tx.refused', { help: failure.help, details: { error: failure } })
}

/** The error of one of several, as a call of its own would have had it. */
function refused(cause: unknown, logger: Logger): SentView {
  const { object, known } = failureToObject(cause)
  if (!known) logger.error('call failed', { method: 'aelf_sendTransactions', error: String(cause).slice(0, 2_000) })
  return { error: object }
}

const minOf = (a: bigint, b: bigint): bigint => (a < b ? a : b)

const heightOf = (options: { readonly at?: string | number } | undefined): bigint | undefined =>
  options?.at === undefined ? undefined : BigInt(options.at)

/** Throws `block.notFound`. */
async function blockOf(node: NodePort, reference: BlockReference): Promise<StoredBlock> {
  const found = await findBlock(node, reference)
  if (found === undefined) throw new RpcFailure('block.notFound', { field: 'params[0]' })
  return found
}

function findBlock(node: NodePort, reference: BlockReference): Promise<StoredBlock | undefined> {
  if (reference === 'latest') return node.blockByHash(node.status().headHash)
  if (reference === 'finalized') return node.blockByHeight(node.status().finalizedHeight)
  if (reference === 'genesis') return node.blockByHeight(0n)
  return typeof reference === 'string' && reference.startsWith('0x')
    ? node.blockByHash(asHash(reference))
    : node.blockByHeight(BigInt(reference))
}

function keyBytes(
  item: { readonly key: readonly Parameters<typeof readValue>[0]['type'][]; readonly keyNames: readonly string[] },
  key: readonly Json[],
): Uint8Array {
  if (key.length !== item.key.length) {
    throw new RpcFailure('contract.invalidArguments', {
      field: 'params[2]',
      help: `The key has ${item.key.length} components: ${item.keyNames.join(', ')}.`,
    })
  }
  const specs = item.key.map((type, index) => ({ name: item.keyNames[index] ?? String(index), type }))
  const values = Object.fromEntries(
    specs.map((spec, index) => [spec.name, readValue(spec, key[index], `params[2][${index}]`)]),
  )
  return encodeFields(specs, values)
}
