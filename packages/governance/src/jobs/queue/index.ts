export type { BullQueueOptions } from './bullmq.ts'
export { createBullQueue } from './bullmq.ts'
export { createMemoryQueue } from './memory.ts'
export type { JobQueue, JobTicket, RunJob } from './port.ts'
