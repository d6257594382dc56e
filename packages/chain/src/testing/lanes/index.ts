export { type CampaignOptions, type CampaignResult, compareExecutors, inlineLanes, outcomeOf } from './compare.ts'
export { createLaneRegistry, createLaneWorld, type LaneWorld, randomTransactions } from './world.ts'
