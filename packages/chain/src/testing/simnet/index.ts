export { type DiskImage, type DiskOptions, SimDisk, type Survivors } from './disk.ts'
export { Machine, type MachineOptions } from './machine.ts'
export { Timeline, type TimelineOptions } from './timeline.ts'
