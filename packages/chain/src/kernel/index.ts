export type {
  ErrorDescriptor,
  EventDescriptor,
  EventFieldSpec,
  ItemDescriptor,
  MethodDescriptor,
} from './abi/descriptor.ts'
export {
  decodeArgs,
  decodeFields,
  encodeArgs,
  encodeField,
  encodeFields,
  MAX_FIELD_BYTES,
  MAX_STRING_BYTES,
  readField,
  writeField,
} from './abi/fields.ts'
export {
  FIELD_TYPES,
  formatSignature,
  isFieldType,
  MAX_ARGUMENTS,
  parseSignature,
  RESERVED_NAMES,
} from './abi/signature.ts'
export type {
  ArgsOf,
  FieldSpec,
  FieldsToObject,
  FieldType,
  FieldValue,
  FieldValues,
  MethodAbi,
  ValueOf,
} from './abi/types.ts'
export {
  bodyOf,
  decodeBlock,
  decodeBody,
  encodeBlock,
  encodeBody,
  MAX_BLOCK_BYTES,
  MAX_BLOCK_TRANSACTIONS,
  proveTransaction,
  transactionRootOf,
  verifyTransactionProof,
} from './block/block.ts'
export {
  decodeHeader,
  encodeHeader,
  encodeUnsignedHeader,
  headerHash,
  MAX_CONSENSUS_BYTES,
  MAX_EXTENSION_BYTES,
  sealHeader,
  signHeader,
  verifyHeaderSignature,
} from './block/header.ts'
export { decodeHeaderEntry, encodeHeaderEntry, type HeaderEntry } from './block/headerEntry.ts'
export {
  decodeReceipt,
  encodeReceipt,
  MAX_EVENT_BYTES,
  MAX_RECEIPT_EVENTS,
  proveReceipt,
  receiptRootOf,
  sharedReceiptsEncoding,
  verifyReceiptProof,
} from './block/receipt.ts'
export type { Block, Header, Receipt, ReceiptError, ReceiptEvent, SignedHeader } from './block/types.ts'
export { KernelError } from './error.ts'
export {
  encodeGenesisTerms,
  genesisBlock,
  genesisHashOf,
  genesisTree,
  networkIdentityOf,
  slotAt,
  slotTimeMs,
} from './genesis/genesis.ts'
export type { Genesis } from './genesis/types.ts'
export {
  decodeListProof,
  EMPTY_LIST_ROOT,
  encodeListProof,
  type ListProof,
  listRoot,
  proveListItem,
  verifyListProof,
} from './merkle/binary.ts'
export { EMPTY_ROOT } from './merkle/nodes.ts'
export { orderOfPaths } from './merkle/sortedChanges.ts'
export {
  bitOf,
  emptySparseTree,
  innerHash,
  type SparseProof,
  type SparseTree,
} from './merkle/sparse.ts'
export { sparseLeafHash } from './merkle/sparseHash.ts'
export { decodeSparseProof, encodeSparseProof, verifySparseProof } from './merkle/sparseProof.ts'
export { createTreeBuilder, type TreeBuilder } from './merkle/treeBuilder.ts'
export { decodePage, mergeEntries, TREE_PAGES, type TreeEntries } from './merkle/treePages.ts'
export { openTreeReader, sharedTreeMemory, type TreeMemory, type TreeReader } from './merkle/treeReader.ts'
export { defineParams, type ParamStep, type ParamTable, paramAt, withParam } from './params/index.ts'
export {
  COLLECTION_CONTRACT,
  CURRENT_COLLECTION_ITEM,
  type CurrentCollection,
  collectionAt,
  currentCollectionPath,
  decodeCurrentCollection,
  encodeCurrentCollection,
  readCurrentCollection,
} from './standards/collection.ts'
export type { ElectionPort, ExecutionSummary, FeePolicy, ProducerEntry } from './standards/index.ts'
export { decodeProducers, encodeProducers, MAX_PRODUCERS, producersHash } from './standards/producers.ts'
export {
  statePath,
  statePathIn,
  statePathPrefix,
  systemAddress,
  systemNumber,
  TREASURY_ADDRESS,
} from './state/path.ts'
export type { StateDiff, StateReader } from './state/types.ts'
export { areArgs } from './transaction/argPlaces.ts'
export {
  decodeSharedTransaction,
  decodeTransaction,
  encodeTransaction,
  encodeUnsignedTransaction,
  MAX_TRANSACTION_BYTES,
  signatureBytes,
  transactionBytes,
  transactionId,
} from './transaction/codec.ts'
export {
  domainSeparator,
  recoverSigner,
  signingDigest,
  signTransaction,
  verifyTransactionSignature,
} from './transaction/digest.ts'
export { formatAmount, formatInteger, formatText, parseAmount, renderIntent } from './transaction/intent.ts'
export { checkMark, lastInclusionHeight, MARK_WINDOW, type Mark, type MarkFailure, markOf } from './transaction/mark.ts'
export {
  DOMAIN_FIELDS,
  ENVELOPE_FIELDS,
  markPrefix,
  nonceOf,
  primaryTypeOf,
  type TypedData,
  type TypedDataField,
  typedData,
} from './transaction/typedData.ts'
export type { Authorization, NetworkIdentity, SignedTransaction, UnsignedTransaction } from './transaction/types.ts'
