export { type LaneServerOptions, serveLanes } from './laneServer.ts'
export { createLaneThreads, type LaneThreads, type LaneThreadsOptions } from './laneThreads.ts'
