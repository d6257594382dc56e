import type { AuditView } from '#domain'
import type { Database } from '../database.ts'

/** Newest outcome of each audit. */
export async function latestAudits({ pool }: Database): Promise<AuditView[]> {
  const { rows } = await pool.query<{
    name: string
    height: string
    checked_at_ms: string
    ok: boolean
    detail: string
  }>('SELECT DISTINCT ON (name) * FROM "audits" ORDER BY name, id DESC')
  return rows.map(({ name, height, checked_at_ms, ok, detail }) => ({
    name,
    height: BigInt(height),
    checkedAtMs: Number(checked_at_ms),
    ok,
    detail,
  }))
}

export async function writeAudit({ prisma }: Database, audit: AuditView): Promise<void> {
  const { name, height, checkedAtMs, ok, detail } = audit
  await prisma.audit.create({ data: { name, height, checkedAtMs: BigInt(checkedAtMs), ok, detail } })
}

/** Keeps the newest `keep` outcomes of each audit; answers how many were deleted. */
export async function pruneAudits({ pool }: Database, keep: number): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM "audits" a USING (SELECT id, row_number() OVER (PARTITION BY name ORDER BY id DESC) AS place FROM "audits") ranked
     WHERE ranked.id = a.id AND ranked.place > $1`,
    [keep],
  )
  return rowCount ?? 0
}
