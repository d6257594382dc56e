export { consensus } from './contract.ts'
export type { ConsensusGenesis } from './genesis.ts'
export { type ParameterReads, parameterProvider } from './ports.ts'
export { simulation as consensusSimulation } from './simulation.ts'
