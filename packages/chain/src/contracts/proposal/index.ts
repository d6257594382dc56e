export { proposal } from './contract.ts'
export type { ProposalGenesis } from './genesis.ts'
export { depositPort, membersPort, producersPort } from './ports.ts'
export { simulation as proposalSimulation } from './simulation.ts'
