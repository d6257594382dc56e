import { z } from 'zod'

/** The only file of the portal that reads the environment. Server only: values reach the browser as props. */
const schema = z.object({
  AELF_RPC_URL: z.url().default('http://127.0.0.1:8545'),
  NEXT_PUBLIC_AELF_RPC_URL: z.url().optional(),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
})

function readEnvironment(): z.infer<typeof schema> {
  const blankIsUnset = Object.entries(process.env).filter(([, value]) => value !== '')
  return schema.parse(Object.fromEntries(blankIsUnset))
}

const values = readEnvironment()

/** Address the server itself uses to reach a node. */
export const nodeRpcUrl: string = values.AELF_RPC_URL
/** Address the browser uses for signing flows; without one the portal relays through its own origin. */
export const browserRpcUrl: string | undefined = values.NEXT_PUBLIC_AELF_RPC_URL
export const isDevelopment: boolean = values.NODE_ENV === 'development'
