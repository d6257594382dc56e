import type { Checker } from '#check'
import type { Database } from '#db'
import type { Mailer, PostOptions } from '#egress'
import type { ChainSource } from '#indexer'
import type { JobId } from '#jobs/definitions'

/** What sending alerts needs; a worker without it finds and sends none. */
export interface Outbox {
  /** Absent where no mail server is configured. */
  readonly mailer?: Mailer | undefined
  /** Where links in mails lead. */
  readonly portalUrl?: string | undefined
  readonly post: (options: PostOptions) => Promise<{ status: number }>
  /** Whether plain http to this machine is allowed, as on a development network. */
  readonly allowLoopback: () => Promise<boolean>
  readonly enqueue: (id: JobId, ticket: { item: string; key: string }) => Promise<void>
}

/** What handlers work with. */
export interface JobContext {
  readonly database: Database
  readonly source: ChainSource
  readonly now: () => number
  readonly outbox?: Outbox
  /** Looks at archives; a worker without it leaves them to others. */
  readonly checker?: Checker
}
