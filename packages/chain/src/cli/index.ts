export { askSecret } from './askSecret.ts'
export { exitCodes } from './exit.ts'
export type { Terminal } from './output.ts'
export { runCli } from './run.ts'
