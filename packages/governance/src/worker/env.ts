import { z } from 'zod'

export interface WorkerSettings {
  readonly databaseUrl: string
  readonly rpcUrl: string
  readonly redisUrl?: string | undefined
  /** Where the portal is seen from outside; links in mails lead there. */
  readonly portalUrl?: string | undefined
  readonly smtpUrl?: string | undefined
  /** Sender of mails; `no-reply@` of the portal's host when absent. */
  readonly smtpFrom?: string | undefined
}

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  AELF_RPC_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8545'),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  PORTAL_URL: z.url({ protocol: /^https?$/ }).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  SMTP_FROM: z.string().max(200).optional(),
})

/** Settings of the worker process; throws a `ZodError` that names the variable. */
export function readWorkerSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): WorkerSettings {
  const { DATABASE_URL, AELF_RPC_URL, REDIS_URL, PORTAL_URL, SMTP_URL, SMTP_FROM } = schema.parse(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
  )
  return {
    databaseUrl: DATABASE_URL,
    rpcUrl: AELF_RPC_URL,
    redisUrl: REDIS_URL,
    portalUrl: PORTAL_URL,
    smtpUrl: SMTP_URL,
    smtpFrom: SMTP_FROM,
  }
}
