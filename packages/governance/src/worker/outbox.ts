import { createRpcClient } from '@aelf/chain/rpc'
import { createMailer, postJson } from '#egress'
import type { Outbox } from '#jobs/handlers'
import type { JobQueue } from '#jobs/queue'
import type { WorkerSettings } from './env.ts'

const TIMEOUT_MS = 2_000

/** How this process sends alerts. Mail needs a server to send it and an address for links to lead to. */
export function createOutbox(settings: WorkerSettings, queue: JobQueue): Outbox & { close(): void } {
  const { smtpUrl, portalUrl, smtpFrom } = settings
  const node = createRpcClient({ url: settings.rpcUrl, timeoutMs: TIMEOUT_MS, retries: 0 })
  const mailer =
    smtpUrl === undefined || portalUrl === undefined
      ? undefined
      : createMailer({ smtpUrl, from: smtpFrom ?? `aelf governance <no-reply@${new URL(portalUrl).hostname}>` })
  return {
    mailer,
    portalUrl,
    post: postJson,
    // Asked each time: whatever runs at the node's address now decides, and a node that is away allows nothing.
    allowLoopback: async () => (await node.request('aelf_chainInfo').catch(() => undefined))?.devnet === true,
    enqueue: (id, ticket) => queue.enqueue(id, ticket),
    close: () => mailer?.close(),
  }
}
