export { type DposHeaderData, decodeHeaderData, encodeHeaderData } from './codec.ts'
export { type DposProposeInput, dpos } from './engine.ts'
export { DPOS_ERRORS, type DposErrorName } from './errors.ts'
export { checkEvidence, type Evidence, headersContradict, isDoubleMining } from './evidence.ts'
export {
  applyVotes,
  contradictsChain,
  emptyVotes,
  type VoteHeader,
  type VoterSet,
  type Votes,
  voterSet,
  votesContradict,
} from './finality.ts'
export { compareHeads } from './forkChoice.ts'
export { arrange, outValueOf, residueOf, signatureOf } from './order.ts'
export { type DposParams, MAX_PRODUCERS, thresholdOf } from './params.ts'
export {
  createRevealChain,
  createRevealSource,
  finished,
  growRevealChain,
  isPreimage,
  type RevealChain,
  type RevealSource,
} from './revealChain.ts'
export { nextSlotOf, roundLength, type Scheduled, scheduleAt } from './schedule.ts'
export type { ClosedRound, DposState, PendingTerm, ProducerRecord, Rotation, Round, SlotBlock, Term } from './state.ts'
export { decodeState, encodeState } from './stateCodec.ts'
export { checkExecution } from './validate.ts'
export {
  type ExclusionView,
  lastRoundView,
  type ProducerView,
  producerViews,
  type RoundView,
  roundView,
  type SlotReason,
  type SlotState,
  type SlotView,
} from './views.ts'
