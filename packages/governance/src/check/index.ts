export type { CheckedArchive } from './checkArchive.ts'
export { CheckError, type Checker, createChecker } from './checker.ts'
