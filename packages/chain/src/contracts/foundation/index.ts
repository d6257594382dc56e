export { foundation } from './contract.ts'
export type { FoundationGenesis } from './genesis.ts'
export { membersProvider } from './ports.ts'
export { simulation as foundationSimulation } from './simulation.ts'
