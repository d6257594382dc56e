export type { BlockEnvironment, ContractError, ViewValue } from '#contracts/runtime'
export { conflicts, type DeclaredCall, type ResourceMap, resourceMap, resourcesOf } from './analysis/resources.ts'
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
} from './executor.ts'
export { createSerialExecutor, MAX_BLOCK_UNITS } from './serial.ts'
