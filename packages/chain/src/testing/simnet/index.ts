export { type DiskOptions, SimDisk } from './disk.ts'
export { Machine, type MachineOptions } from './machine.ts'
export { Timeline, type TimelineOptions } from './timeline.ts'
