export {
  type AnchorInput,
  type AnchorReport,
  commitmentOf,
  type PinnedList,
  type TermChangeInput,
  type TermChangeReport,
  termOf,
  verifyAnchored,
  verifyPinnedList,
  verifyTermChange,
} from './anchor.ts'
export { LightClientError } from './error.ts'
export { type HeaderTrust, verifyHeader } from './header.ts'
export {
  type ReceiptProofInput,
  type StateKey,
  type StateProofInput,
  type TransactionProofInput,
  verifyListInclusion,
  verifyReceiptInclusion,
  verifyStateProof,
  verifyStateValue,
  verifyTransactionInclusion,
} from './proofs.ts'
