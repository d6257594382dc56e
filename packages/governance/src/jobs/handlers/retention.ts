import { pruneAudits } from '#db'
import type { JobContext } from './context.ts'

const AUDITS_KEPT = 500

/** Keeps the tables that grow with time and not with the chain small. */
export async function retention({ database }: JobContext): Promise<string> {
  return `${await pruneAudits(database, AUDITS_KEPT)} old audits deleted`
}
