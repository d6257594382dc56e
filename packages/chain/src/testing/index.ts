export {
  type CampaignOptions,
  type CampaignResult,
  compareExecutors,
  createLaneRegistry,
  createLaneWorld,
  inlineLanes,
  type LaneWorld,
  outcomeOf,
} from './lanes/index.ts'
export { makeOlder } from './olderStore.ts'
export { Model, type ModelFacts } from './sandbox/model.ts'
export {
  createSandbox,
  createSandboxRegistry,
  SANDBOX_CHAIN_ID,
  SANDBOX_GENESIS_HASH,
  SANDBOX_GENESIS_MS,
  SANDBOX_SLOT_MS,
  type Sandbox,
  type SandboxCall,
  type SandboxOptions,
  sandboxAccount,
  sandboxCommitment,
} from './sandbox/sandbox.ts'
export { type DiskImage, type DiskOptions, SimDisk } from './simnet/disk.ts'
export { Machine, type MachineOptions } from './simnet/machine.ts'
export { Timeline, type TimelineOptions } from './simnet/timeline.ts'
