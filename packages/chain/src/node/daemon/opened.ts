import type { MainChain } from '#chains'
import type { Clock, Logger } from '#primitives'
import type { LogRing } from '../logRing.ts'
import type { Meter } from '../meter.ts'
import type { Redactor } from '../redactor.ts'
import type { Closers } from './closers.ts'
import type { DataFolder } from './dataFolder.ts'
import type { DaemonNetwork } from './network.ts'
import type { NodeConfig } from './nodeConfig.ts'

/** What the parts of a daemon share while it is put together. */
export interface Opened {
  readonly config: NodeConfig
  readonly logger: Logger
  readonly ring: LogRing | undefined
  readonly redactor: Redactor
  readonly clock: Clock
  readonly closers: Closers
  readonly folder: DataFolder
  readonly chain: MainChain
  readonly meter: Meter
  readonly network: DaemonNetwork
  /** Ends production; the daemon then says why it cannot go on. */
  fail(error: Error): void
}
