import type { Database } from '#db'
import type { NodesView, QueueView } from '#domain'
import type { LiveFeed } from './feed.ts'
import type { Limiter } from './limits.ts'
import type { Memory } from './memory.ts'
import type { NodeGateway } from './node.ts'
import type { RequestFacts } from './request.ts'

/** What each procedure works with: built once a process by `createApi` and shared by all requests. */
export interface TrpcContext {
  readonly database: Database
  readonly node: NodeGateway
  /** The configured nodes side by side, from a moment ago at most. */
  readonly nodes: () => Promise<NodesView>
  readonly feed: LiveFeed
  /** Answers that stay true for a moment or until the index moves. */
  readonly memory: Memory
  /** State of the job queues; empty when they cannot be asked. */
  readonly queues: () => Promise<readonly QueueView[]>
  readonly now: () => number
  readonly limits: Limiter
  readonly site: SiteSettings
  /** Absent for calls in process. */
  readonly request?: RequestFacts | undefined
}

/** What the operator configured that people notice. */
export interface SiteSettings {
  readonly portalUrl: string | undefined
  /** Whether mail can be sent: the worker has a server for it and links lead somewhere. */
  readonly email: boolean
}
