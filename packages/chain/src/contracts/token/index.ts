export { token } from './contract.ts'
export type { TokenGenesis } from './genesis.ts'
export { feePolicyAt, NATIVE_SYMBOL, ONE_TOKEN } from './params.ts'
export {
  feeProvider,
  fundsProvider,
  type StakeCalls,
  type StakeDeclares,
  type StakeReads,
  stakeProvider,
} from './ports.ts'
export { simulation as tokenSimulation } from './simulation.ts'
