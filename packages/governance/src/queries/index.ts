export { type BalanceQueryOptions, balanceQueryOptions } from './balance.ts'
export { type ChainInfoQueryOptions, chainInfoQueryOptions } from './chainInfo.ts'
export { type PositionsQueryOptions, positionsQueryOptions } from './positions.ts'
export { type SimulationQueryOptions, simulationQueryOptions } from './simulation.ts'
