export type { BlockEnvironment, ContractError, ViewValue } from '#contracts/runtime'
export { groupsOf, spread } from './analysis/groups.ts'
export { conflicts, type DeclaredCall, type ResourceMap, resourceMap, resourcesOf } from './analysis/resources.ts'
export { MAX_ACTIVATION_UNITS, MAX_BLOCK_UNITS } from './block.ts'
export { createEraExecutor, type EraExecutor, type EraState } from './eraExecutor.ts'
export { type Era, type Eras, type Needed, neededAt, singleEra } from './eras.ts'
export { ExecutionError } from './error.ts'
export type {
  AdmissionResult,
  CallState,
  DroppedTransaction,
  ExecutionCost,
  ExecutionInput,
  ExecutionOutput,
  Executor,
  RefusalCode,
  SerialExecutor,
  SimulationCall,
  SimulationResult,
  Upgrade,
  UpgradeOutput,
} from './executor.ts'
export { createSerialExecutor } from './serial.ts'
