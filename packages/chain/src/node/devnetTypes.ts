import type { Address, Logger } from '#primitives'
import type { OperatorPort } from '#rpc/server'
import type { DevnetApi } from './api.ts'
import type { RunningNode } from './compose.ts'
import type { LogRing } from './logRing.ts'

export interface DevnetOptions {
  /** Where the chain survives restarts; left out: in memory. */
  readonly dataDir?: string | undefined
  /** Default 1000. */
  readonly slotMs?: number
  /** Default 17. */
  readonly delegates?: number
  /** Default 3. */
  readonly backups?: number
  readonly seed?: string
  /** Values of a delegate's hash chain; a renewed one serves from the next term on. Default 40,000. */
  readonly reveals?: number
  /**
   * The network began that long ago and its clock is as far behind the machine's: so far it can be moved forward without getting
   * ahead of nodes in other processes, which refuse blocks of the future. Default 0.
   */
  readonly ageMs?: number
  /** Values of contract parameters, by `contract.param`, that differ from the declared ones, as decimal text. */
  readonly params?: Readonly<Record<string, string>>
  /** Addresses to listen on for nodes of other processes, such as `/ip4/127.0.0.1/tcp/0`; none when left out. */
  readonly p2pListen?: readonly string[]
  /** Each block is executed by one node for all. Default false: every node executes every block. */
  readonly shareExecution?: boolean
  readonly logger?: Logger
  /** Newest log lines for the console; the ring the logger fills. */
  readonly ring?: LogRing
}

/** A whole network in one process. */
export interface Devnet extends DevnetApi {
  readonly nodes: readonly RunningNode[]
  /** The node to ask and to send to. */
  readonly rpcNode: RunningNode
  readonly delegates: readonly { readonly name: string; readonly address: Address; readonly isBackup: boolean }[]
  /** For the console: a delegate sees its own node, a demo account the one that answers calls. */
  readonly operator: OperatorPort
  /** Where nodes of other processes find it, each with its peer id; empty when it does not listen. */
  readonly listenAddresses: readonly string[]
  /** What such nodes start from. */
  genesisFile(): string
  stop(): Promise<void>
}
