import { pruneAudits, pruneChannels, pruneDeliveries, pruneSessions } from '#db'
import type { JobContext } from './context.ts'

const AUDITS_KEPT = 500
const DAY_MS = 86_400_000
const MESSAGES_KEPT_MS = 30 * DAY_MS
/** As long as confirmations of an address are counted. */
const REMOVED_KEPT_MS = DAY_MS
const SESSIONS_KEPT_MS = DAY_MS

/** Keeps the tables that grow with time and not with the chain small. */
export async function retention({ database, now }: JobContext): Promise<string> {
  const audits = await pruneAudits(database, AUDITS_KEPT)
  const at = now()
  const others =
    (await pruneDeliveries(database, at - MESSAGES_KEPT_MS)) +
    (await pruneChannels(database, at - REMOVED_KEPT_MS)) +
    (await pruneSessions(database, { nowMs: at, absoluteMs: SESSIONS_KEPT_MS }))
  return others === 0 ? `${audits} old audits deleted` : `${audits} old audits and ${others} rows of people deleted`
}
