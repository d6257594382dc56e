import { pruneAudits, pruneChannels, pruneContents, pruneDeliveries, pruneSessions, readCheckpoint } from '#db'
import type { JobContext } from './context.ts'

const AUDITS_KEPT = 500
const DAY_MS = 86_400_000
const MESSAGES_KEPT_MS = 30 * DAY_MS
/** As long as confirmations of an address are counted. */
const REMOVED_KEPT_MS = DAY_MS
const SESSIONS_KEPT_MS = DAY_MS
/** Blocks. */
const BEHIND_MAX = 20n

/** Keeps the tables that grow with time and not with the chain small. */
export async function retention(context: JobContext): Promise<string> {
  const { database, now } = context
  const audits = await pruneAudits(database, AUDITS_KEPT)
  const at = now()
  const others =
    (await pruneDeliveries(database, at - MESSAGES_KEPT_MS)) +
    (await pruneChannels(database, at - REMOVED_KEPT_MS)) +
    (await pruneSessions(database, { nowMs: at, absoluteMs: SESSIONS_KEPT_MS }))
  const contents = (await isUpToDate(context)) ? await pruneContents(database, at) : 0
  return [
    `${audits} old audits`,
    ...(others === 0 ? [] : [`${others} rows of people`]),
    ...(contents === 0 ? [] : [`${contents} contents that nothing names`]),
  ]
    .join(', ')
    .concat(' deleted')
}

/** An index that is behind does not know all that is named yet. */
async function isUpToDate({ database, source }: JobContext): Promise<boolean> {
  const [checkpoint, head] = await Promise.all([readCheckpoint(database.pool), source.info().catch(() => undefined)])
  return checkpoint !== undefined && head !== undefined && checkpoint.height + BEHIND_MAX >= head.height
}
