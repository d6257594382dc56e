import { z } from 'zod'
import { ApiError } from './errors.ts'
import { NODES_MAX } from './nodes.ts'

export interface ApiSettings {
  readonly databaseUrl: string
  readonly rpcUrl: string
  /** All nodes to ask and compare, `rpcUrl` first. */
  readonly rpcUrls?: readonly string[] | undefined
  readonly redisUrl?: string | undefined
  /** Where people see this portal. Without it they can sign in only on the server's own machine. */
  readonly portalUrl?: string | undefined
  /** Its presence says that the worker can send mail. */
  readonly smtpUrl?: string | undefined
}

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  AELF_RPC_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8545'),
  AELF_RPC_URLS: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.url({ protocol: /^https?$/ })).max(NODES_MAX))
    .optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  PORTAL_URL: z.url({ protocol: /^https?$/ }).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
})

/** Settings of a process that was started with them. Throws `api.notConfigured`, naming the variable. */
export function readApiSettings(environment: Readonly<Record<string, string | undefined>> = process.env): ApiSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')
    throw new ApiError(
      'api.notConfigured',
      `The server is not configured: ${names}`,
      'Set DATABASE_URL to the PostgreSQL the worker writes to.',
    )
  }
  const { DATABASE_URL, AELF_RPC_URL, AELF_RPC_URLS = [], REDIS_URL, PORTAL_URL, SMTP_URL } = parsed.data
  return {
    databaseUrl: DATABASE_URL,
    rpcUrl: AELF_RPC_URL,
    rpcUrls: [...new Set([AELF_RPC_URL, ...AELF_RPC_URLS])],
    redisUrl: REDIS_URL,
    portalUrl: PORTAL_URL,
    smtpUrl: SMTP_URL,
  }
}
