export { type AdoptProposalArguments, adoptProposal, adoptProposalCall, adoptProposalSync } from './adoptProposal.ts'
export { type ChangeVoteArguments, changeVote, changeVoteCall, changeVoteSync } from './changeVote.ts'
export {
  type ClaimCommissionArguments,
  claimCommission,
  claimCommissionCall,
  claimCommissionSync,
} from './claimCommission.ts'
export { type ClaimRewardArguments, claimReward, claimRewardCall, claimRewardSync } from './claimReward.ts'
export type { AelfClient } from './client.ts'
export {
  type DeclineProposalArguments,
  declineProposal,
  declineProposalCall,
  declineProposalSync,
} from './declineProposal.ts'
export type { CallOf, Write, WriteParameters, WriteSync, WriteSyncParameters } from './defineWrite.ts'
export {
  BaseError,
  type BaseErrorOptions,
  RefusedError,
  TransactionExpiredError,
  toBaseError,
  UserRejectedError,
  WaitTimeoutError,
  WalletError,
} from './errors.ts'
export {
  type ExpireProposalArguments,
  expireProposal,
  expireProposalCall,
  expireProposalSync,
} from './expireProposal.ts'
export { type ExtendLockArguments, extendLock, extendLockCall, extendLockSync } from './extendLock.ts'
export { type GetBalanceParameters, getBalance } from './getBalance.ts'
export { type GetChainInfoReturnType, getChainInfo } from './getChainInfo.ts'
export { type ClaimableVote, type GetClaimableReturnType, getClaimable } from './getClaimable.ts'
export { type DelegateIncome, type GetDelegateIncomeParameters, getDelegateIncome } from './getDelegateIncome.ts'
export { type GetDelegatesReturnType, getDelegates } from './getDelegates.ts'
export { type GetPositionsReturnType, getPositions, type Position } from './getPositions.ts'
export {
  type GetHeaderProofParameters,
  type GetStateProofParameters,
  type GetTransactionProofParameters,
  getHeaderProof,
  getStateProof,
  getTransactionProof,
} from './getProof.ts'
export {
  PROOF_FORMAT,
  type ProofBundle,
  type ProofPins,
  type ProofSubject,
  readProofBundle,
  readProofPins,
  type TermChange,
  type TermList,
} from './getProofBundle.ts'
export { type ChainProposal, type GetProposalParameters, getProposal } from './getProposal.ts'
export { type GetRoundReturnType, getRound } from './getRound.ts'
export { type GetTransactionReturnType, getTransaction } from './getTransaction.ts'
export {
  type GetNodeInfoParameters,
  type GetOperatorLogsParameters,
  getNodeInfo,
  getOperatorLogs,
  getOperatorStatus,
  type OperatorClient,
  type PairParameters,
  pair,
  type RequestPairingParameters,
  requestPairing,
  type TokenParameters,
  unpair,
} from './operator.ts'
export {
  type Call,
  type PreparedTransaction,
  type PrepareTransactionParameters,
  prepareTransaction,
  type TransactionTypedData,
} from './prepareTransaction.ts'
export { type QuitElectionArguments, quitElection, quitElectionCall, quitElectionSync } from './quitElection.ts'
export {
  type ReclaimDepositArguments,
  reclaimDeposit,
  reclaimDepositCall,
  reclaimDepositSync,
} from './reclaimDeposit.ts'
export {
  type RegisterDelegateArguments,
  registerDelegate,
  registerDelegateCall,
  registerDelegateSync,
} from './registerDelegate.ts'
export {
  type ReviewProposalArguments,
  reviewProposal,
  reviewProposalCall,
  reviewProposalSync,
} from './reviewProposal.ts'
export {
  type SendCallParameters,
  type SendCallSyncParameters,
  type SendStage,
  sendCall,
  sendCallSync,
  sendEnvelope,
} from './sendCall.ts'
export { accountToSigner, type LocalAccountLike, type TransactionSigner } from './signer.ts'
export { type SimulateCallParameters, type SimulateCallReturnType, simulateCall } from './simulateCall.ts'
export {
  type SubmitProposalArguments,
  submitProposal,
  submitProposalCall,
  submitProposalSync,
} from './submitProposal.ts'
export { type TransferArguments, transfer, transferCall, transferSync } from './transfer.ts'
export { type UpdateProfileArguments, updateProfile, updateProfileCall, updateProfileSync } from './updateProfile.ts'
export {
  type ListTrust,
  type ProofDifference,
  type ProofReport,
  type ProofStep,
  type ProofStepId,
  type ProofVerdict,
  type VerifyProofOptions,
  verifyProof,
} from './verifyProof.ts'
export type { ProvenFact } from './verifyProofSubject.ts'
export { type VoteArguments, vote, voteCall, voteSync } from './vote.ts'
export {
  type SettledTransaction,
  type SettledUntil,
  type WaitForTransactionParameters,
  waitForTransaction,
} from './waitForTransaction.ts'
export { type WatchTransactionParameters, watchTransaction } from './watchTransaction.ts'
export { type WithdrawArguments, withdraw, withdrawCall, withdrawSync } from './withdraw.ts'
export {
  type WithdrawProposalArguments,
  withdrawProposal,
  withdrawProposalCall,
  withdrawProposalSync,
} from './withdrawProposal.ts'
