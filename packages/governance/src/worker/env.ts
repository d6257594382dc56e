import { z } from 'zod'

export interface WorkerSettings {
  readonly databaseUrl: string
  readonly rpcUrl: string
  readonly redisUrl?: string | undefined
}

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  AELF_RPC_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8545'),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
})

/** Settings of the worker process; throws a `ZodError` that names the variable. */
export function readWorkerSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): WorkerSettings {
  const { DATABASE_URL, AELF_RPC_URL, REDIS_URL } = schema.parse(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
  )
  return { databaseUrl: DATABASE_URL, rpcUrl: AELF_RPC_URL, redisUrl: REDIS_URL }
}
