export { collection } from './contract.ts'
export type { CollectionGenesis } from './genesis.ts'
export { simulation as collectionSimulation } from './simulation.ts'
