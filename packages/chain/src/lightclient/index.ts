export { LightClientError } from './error.ts'
export { type HeaderTrust, verifyHeader } from './header.ts'
export {
  type ReceiptProofInput, type StateKey, type StateProofInput, type TransactionProofInput, verifyListInclusion, verifyReceiptInclusion,
  verifyStateProof, verifyStateValue, verifyTransactionInclusion,
} from './proofs.ts'
