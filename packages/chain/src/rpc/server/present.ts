import {
  decodeArgs,
  encodeHeader,
  encodeTransaction,
  type Receipt,
  type ReceiptEvent,
  renderIntent,
  type SignedHeader,
  type SignedTransaction,
} from '#kernel'
import { bytesToHex, type Hash } from '#primitives'
import type {
  BlockView,
  DecodedTransaction,
  EventView,
  HeadEvent,
  HeaderView,
  Json,
  ReceiptView,
  RoundView,
  TermView,
  TransactionView,
} from '#rpc/routes'
import type { Catalogue } from './catalogue.ts'
import type { ChainStatus, StoredBlock, StoredRound, StoredTerm, StoredTransaction } from './ports.ts'
import { fieldsToJson, toJson } from './values.ts'

/** What a transaction says, in the contract's own words where the contract is known. */
export function transactionToDecoded(transaction: SignedTransaction, catalogue: Catalogue): DecodedTransaction {
  const method = catalogue.method(transaction.contract, transaction.method)
  let args: DecodedTransaction['args'] = {}
  let intent = ''
  if (method !== undefined) {
    const values = decodeArgs(method.abi, transaction.args)
    args = toJson(values) as DecodedTransaction['args']
    intent = renderIntent(method, values)
  }
  return {
    from: transaction.from,
    contract: method?.contract ?? catalogue.byAddress(transaction.contract)?.name ?? transaction.contract,
    contractAddress: transaction.contract,
    method: method?.name ?? String(transaction.method),
    args,
    intent,
    walletChainId: transaction.walletChainId.toString(),
    refHeight: transaction.refHeight.toString(),
    refHash: transaction.refHash,
    feeLimit: transaction.feeLimit.toString(),
    nonce: transaction.nonce,
  }
}

function eventToView(event: ReceiptEvent, catalogue: Catalogue): EventView {
  const contract = catalogue.byAddress(event.contract)
  const descriptor = contract?.events.find(({ number }) => number === event.number)
  return {
    contract: contract?.name ?? event.contract,
    contractAddress: event.contract,
    name: descriptor?.name ?? String(event.number),
    number: event.number,
    fields: (descriptor === undefined ? null : fieldsToJson(descriptor.fields, event.data)) ?? {},
    data: bytesToHex(event.data),
  }
}

/** A receipt with decoded events and a named error. */
export function receiptToView(receipt: Receipt, catalogue: Catalogue): ReceiptView {
  return {
    status: receipt.status,
    ...(receipt.error === undefined ? {} : { error: catalogue.failure(receipt.error) }),
    fee: receipt.fee.toString(),
    events: receipt.events.map((event) => eventToView(event, catalogue)),
  }
}

/** A transaction record as clients see it. */
export function transactionToView(
  id: Hash,
  record: StoredTransaction,
  catalogue: Catalogue,
  timeMs?: number,
): TransactionView {
  if (record.status === 'unknown') return { id, status: 'unknown', confirmations: 0, finalized: false }
  const shared = {
    id,
    envelope: bytesToHex(record.envelope),
    decoded: transactionToDecoded(record.transaction, catalogue),
  }
  if (record.status !== 'included') return { ...shared, status: record.status, confirmations: 0, finalized: false }
  const { header, index } = record
  return {
    ...shared,
    status: 'included',
    block: { height: header.height.toString(), hash: header.hash, index, ...(timeMs === undefined ? {} : { timeMs }) },
    receipt: receiptToView(record.receipt, catalogue),
    confirmations: Number(record.confirmations),
    finalized: record.finalized,
  }
}

const TRANSACTIONS_PER_TURN = 200

/** A block with transaction ids, or with whole transactions; large blocks are prepared in turns. */
export async function blockToView(
  stored: StoredBlock,
  status: ChainStatus,
  catalogue: Catalogue,
  full: boolean,
): Promise<BlockView> {
  const { header, transactions } = stored.block
  const { consensus } = stored
  const {
    consensus: _consensus,
    extension: _extension,
    signature: _signature,
    version: _version,
    chainId: _chainId,
    ...fields
  } = header
  return {
    ...fields,
    height: header.height.toString(),
    slot: header.slot.toString(),
    timeMs: stored.timeMs,
    consensus: {
      round: consensus.round.toString(),
      term: consensus.term,
      ...(consensus.index === undefined ? {} : { index: consensus.index }),
      isExtra: consensus.isExtra,
      reveal: consensus.reveal,
      prevotedHeight: consensus.prevotedHeight.toString(),
      generatedHeight: consensus.generatedHeight.toString(),
    },
    transactionCount: transactions.length,
    transactions: full
      ? await transactionsOf(stored, status, catalogue)
      : stored.receipts.map(({ transactionId }) => transactionId),
    size: stored.sizeBytes,
    finalized: stored.finalized,
    canonical: stored.canonical,
  }
}

async function transactionsOf(
  stored: StoredBlock,
  status: ChainStatus,
  catalogue: Catalogue,
): Promise<TransactionView[]> {
  const { header, transactions } = stored.block
  const confirmations = stored.canonical ? status.height - header.height + 1n : 0n
  const views: TransactionView[] = []
  for (const [index, transaction] of transactions.entries()) {
    const receipt = stored.receipts[index]
    if (receipt === undefined) break
    const envelope = encodeTransaction(transaction)
    const { finalized } = stored
    const record = {
      status: 'included',
      transaction,
      envelope,
      header,
      index,
      receipt,
      confirmations,
      finalized,
    } as const
    views.push(transactionToView(receipt.transactionId, record, catalogue, stored.timeMs))
    if (index % TRANSACTIONS_PER_TURN === TRANSACTIONS_PER_TURN - 1)
      await new Promise<void>((resolve) => {
        setImmediate(resolve)
      })
  }
  return views
}

/** A header as signed and field by field. */
export function headerToView(header: SignedHeader): HeaderView {
  return {
    hash: header.hash,
    height: header.height.toString(),
    raw: bytesToHex(encodeHeader(header)),
    decoded: toJson(header) as { readonly [field: string]: Json },
  }
}

/** What subscribers learn about a header. */
export function headerToEvent(
  header: SignedHeader,
  status: ChainStatus,
  change: Pick<HeadEvent, 'removed' | 'added'>,
): HeadEvent {
  return {
    height: header.height.toString(),
    hash: header.hash,
    parentHash: header.parentHash,
    slot: header.slot.toString(),
    timeMs: status.genesisTimeMs + Number(header.slot) * status.slotMs,
    producer: header.producer,
    prevotedHeight: status.prevotedHeight.toString(),
    finalizedHeight: status.finalizedHeight.toString(),
    removed: change.removed,
    added: change.added,
  }
}

/** A round as clients see it. */
export function roundToView(round: StoredRound): RoundView {
  return {
    ...round,
    number: round.number.toString(),
    startSlot: round.startSlot.toString(),
    slots: round.slots.map(({ slot, height, hash, reason, ...rest }) => ({
      ...rest,
      slot: slot.toString(),
      ...(height === undefined ? {} : { height: height.toString() }),
      ...(hash === undefined ? {} : { hash }),
      ...(reason === undefined ? {} : { reason }),
    })),
  }
}

/** A term as clients see it. */
export function termToView(term: StoredTerm): TermView {
  return { ...term, startHeight: term.startHeight.toString() }
}
