export type { BlockEnvironment, ContractError, ViewValue } from '#contracts/runtime'
export { type CostBook, createCostBook, type Measuring, type MethodCost } from './analysis/costs.ts'
export { conflicts, type DeclaredCall, type ResourceMap, resourceMap, resourcesOf } from './analysis/resources.ts'
export { MAX_ACTIVATION_UNITS, MAX_BLOCK_UNITS } from './block.ts'
export { createEraExecutor, type EraExecutor, type EraOptions, type EraState } from './eraExecutor.ts'
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
export { type LaneBytes, type LaneOrder, LaneWork } from './lane.ts'
export type { LaneEntries } from './laneEntries.ts'
export type { Lanes, OpenLane } from './openLane.ts'
export { BREAK_EVEN, type BreakEven, createParallelExecutor, type ParallelOptions } from './parallel.ts'
export { createSerialExecutor } from './serial.ts'
