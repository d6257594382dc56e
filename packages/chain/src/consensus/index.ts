export type { ConsensusEngine, ProposeInput } from './engine.ts'
export { type ApplyInput, ConsensusError, type Finality, type Head, type ValidateOptions } from './types.ts'
