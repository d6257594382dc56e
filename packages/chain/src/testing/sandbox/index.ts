export { GovernanceModel } from './governanceModel.ts'
export { Model, type ModelFacts } from './model.ts'
export {
  createSandbox,
  createSandboxRegistry,
  SANDBOX_CHAIN_ID,
  SANDBOX_COLLECTION,
  SANDBOX_GENESIS_HASH,
  SANDBOX_GENESIS_MS,
  SANDBOX_SLOT_MS,
  type Sandbox,
  type SandboxCall,
  type SandboxOptions,
  sandboxAccount,
  sandboxCommitment,
} from './sandbox.ts'
