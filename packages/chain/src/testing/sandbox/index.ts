export {
  createSandbox, createSandboxRegistry, type Sandbox, SANDBOX_CHAIN_ID, SANDBOX_GENESIS_MS, SANDBOX_SLOT_MS, sandboxAccount,
  type SandboxCall, sandboxCommitment, type SandboxOptions,
} from './sandbox.ts'
export { Model, type ModelFacts } from './model.ts'
