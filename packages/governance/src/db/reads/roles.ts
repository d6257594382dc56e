import type { Address, CommentRole } from '#domain'
import type { Database } from '../database.ts'
import { toAddress } from './convert.ts'

interface Stored {
  address: string
  producer: boolean
  candidate: boolean
  holder: boolean
}

/** What accounts are by the index: producers of the present term, registered delegates, holders of anything. Others are left out. */
export async function rolesOf(
  { pool }: Database,
  addresses: readonly Address[],
): Promise<ReadonlyMap<Address, readonly Exclude<CommentRole, 'member'>[]>> {
  if (addresses.length === 0) return new Map()
  const { rows } = await pool.query<Stored>(
    `SELECT a AS address,
       EXISTS (SELECT 1 FROM "term_producers" p WHERE p.address = a AND p.term = (SELECT max(term) FROM "terms")) AS producer,
       EXISTS (SELECT 1 FROM "delegates" d WHERE d.address = a AND d.standing = 'registered') AS candidate,
       EXISTS (SELECT 1 FROM "balances" b WHERE b.address = a AND b.opening + b.available + b.opening_locked + b.locked > 0)
         OR EXISTS (SELECT 1 FROM "positions" l WHERE l.owner = a AND NOT l.withdrawn) AS holder
     FROM unnest($1::text[]) AS a`,
    [[...new Set(addresses)]],
  )
  const named = rows.map((row) => {
    const roles = (['producer', 'candidate', 'holder'] as const).filter((role) => row[role])
    return [toAddress(row.address), roles] as const
  })
  return new Map(named.filter(([, roles]) => roles.length > 0))
}
