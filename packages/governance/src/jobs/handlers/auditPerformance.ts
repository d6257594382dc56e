import { readCheckpoint, writeAudit } from '#db'
import type { JobContext } from './context.ts'

const recount = `
  SELECT d.address, d.produced, d.missed, coalesce(b.produced, 0)::int AS counted_produced, coalesce(s.missed, 0)::int AS counted_missed
  FROM "delegates" d
  LEFT JOIN (SELECT producer, count(*) AS produced FROM "blocks" WHERE height > 0 GROUP BY producer) b ON b.producer = d.address
  LEFT JOIN (SELECT producer, count(*) AS missed FROM "round_slots" WHERE state = 'missed' GROUP BY producer) s ON s.producer = d.address
  WHERE d.produced <> coalesce(b.produced, 0) OR d.missed <> coalesce(s.missed, 0)`

/** Recounts blocks and missed slots from their rows and compares them with the counters kept while indexing. */
export async function auditPerformance({ database, now }: JobContext): Promise<string> {
  const checkpoint = await readCheckpoint(database.pool)
  if (checkpoint === undefined) return 'nothing is indexed yet'
  const { rows } = await database.pool.query<{ address: string }>(recount)
  const ok = rows.length === 0
  const detail = ok
    ? 'counters and rows agree'
    : `counters differ from rows for ${rows
        .map((row) => row.address)
        .slice(0, 5)
        .join(', ')}`
  await writeAudit(database, { name: 'performance', height: checkpoint.height, checkedAtMs: now(), ok, detail })
  return detail
}
