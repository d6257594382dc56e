export { createJournal } from './blockJournal.ts'
export type { Collection } from './collection.ts'
export type {
  BlockEnvironment,
  DeclareEnvironment,
  Environment,
  ExecuteContext,
  VerifyContext,
  ViewContext,
} from './context.ts'
export {
  type Contract,
  type ContractDefinition,
  defineContract,
  type Hooks,
  type Invariant,
  type Param,
} from './contract.ts'
export {
  type ContractDescriptor,
  describeContract,
  type StoredItemDescriptor,
  type ViewDescriptor,
} from './descriptor.ts'
export {
  assertionFailed,
  type ContractError,
  ContractFailure,
  type ContractIdentity,
  defineError,
  insufficientFee,
  RuntimeError,
  runtimeErrors,
  undeclaredAccess,
} from './error.ts'
export { defineEvent, type Event } from './event.ts'
export { type FieldsOf, parseFields } from './fields.ts'
export { buildGenesisState, type GenesisState, type GenesisStep, genesisOf } from './genesis.ts'
export { type Counter, defineCounter, defineItem, encodeKey, type Item, pathOf } from './item.ts'
export type { EngineSignal, Journal, WrittenKey } from './journal.ts'
export { defineMethod, type Method, type MethodDefinition } from './method.ts'
export type { PartialEntry, WrittenPart } from './partial.ts'
export { findPlace, type Place } from './place.ts'
export { bindPort, definePort, type Port, type PortBinding, type PortProvider } from './port.ts'
export {
  createRegistry,
  type FeeProvider,
  type RegisteredMethod,
  type Registry,
  type RegistryOptions,
} from './registry.ts'
export {
  ACCESS_BITS,
  type Access,
  type AccessSet,
  adding,
  createAccessSet,
  everywhere,
  type Resource,
  reading,
  UNLIMITED,
  writing,
} from './resource.ts'
export { createStateScan, type StateScan } from './scan.ts'
export { createContext, createDeclareEnvironment, readView, type Scope } from './scope.ts'
export {
  pickOperation,
  pickThing,
  type SimulatedCall,
  type SimulatedThing,
  type Simulation,
  type SimulationOperation,
  type SimulationWorld,
} from './simulation.ts'
export { meaningsOf, type NumberedMeaning, successionFaults } from './succession.ts'
export { defineView, type View, type ViewValue } from './view.ts'
