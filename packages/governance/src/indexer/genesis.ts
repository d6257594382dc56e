import type pg from 'pg'
import { type CheckpointRow, inTransaction } from '#db'
import { type Address, NATIVE_SYMBOL } from '#domain'
import type { BlockScope } from './handlers/scope.ts'
import type { ChainSource } from './sources/source.ts'

/** Accounts asked about in one go; the rest follow with the next block. */
const ACCOUNTS_AT_ONCE = 100

/** The native token exists from genesis on; what is read of it never changes, so any state of the node serves. */
export async function writeNativeToken({ workspace }: BlockScope, source: ChainSource): Promise<void> {
  const token = await source.token(NATIVE_SYMBOL)
  await workspace.get('tokens', { symbol: NATIVE_SYMBOL })
  if (token !== undefined) workspace.put('tokens', { ...token, createdHeight: 0n })
}

/**
 * What accounts held at genesis has no events: asks the node once for each account and keeps the difference to the sum of
 * events. The answer is for the indexed head, and that block is compared afterwards, so an answer from another branch is
 * never stored. True when rows changed that the indexer may have cached.
 */
export async function completeBalances(pool: pg.Pool, source: ChainSource, checkpoint: CheckpointRow): Promise<boolean> {
  const { rows } = await pool.query<{ address: Address; symbol: string; available: string; locked: string }>(
    'SELECT address, symbol, available, locked FROM "balances" WHERE opening IS NULL ORDER BY address, symbol LIMIT $1',
    [ACCOUNTS_AT_ONCE],
  )
  if (rows.length === 0) return false
  const found = await Promise.all(rows.map(async (row) => ({ row, holding: await source.holding(row.address, row.symbol, checkpoint.height) })))
  if ((await source.hashAt(checkpoint.height)) !== checkpoint.hash) return false
  await inTransaction(pool, async (client) => {
    for (const { row, holding } of found) {
      if (holding === undefined) continue
      const opening = holding.available - BigInt(row.available)
      const openingLocked = holding.locked - BigInt(row.locked)
      await client.query('UPDATE "balances" SET opening = $3, opening_locked = $4 WHERE address = $1 AND symbol = $2', [
        row.address, row.symbol, opening, openingLocked,
      ])
    }
  })
  return found.some(({ holding }) => holding !== undefined)
}

/**
 * Delegates of genesis are registered without events. When the index stands at the node's head, those the index does not
 * know, or knows only from other events, get the order and the profile of the head, which is newer than any event of theirs.
 * `changed`: rows changed; `done`: nothing is left to ask until blocks are taken back.
 */
export async function completeDelegates(pool: pg.Pool, source: ChainSource, checkpoint: CheckpointRow): Promise<{ changed: boolean; done: boolean }> {
  const delegates = await source.delegates()
  if ((await source.info()).headHash !== checkpoint.hash) return { changed: false, done: false }
  const known = await pool.query<{ address: string }>('SELECT address FROM "delegates" WHERE registered_order >= 0')
  const complete = new Set(known.rows.map((row) => row.address))
  const missing = delegates.filter((delegate) => !complete.has(delegate.address))
  await inTransaction(pool, async (client) => {
    for (const { address, name, url, commissionBps, sequence } of missing) {
      await client.query(
        `INSERT INTO "delegates" (address, name, url, commission_bps, standing, registered_height, registered_order, weight, staked, voters, produced, missed, height, block_hash)
         VALUES ($1, $2, $3, $4, 'registered', 0, $6, 0, 0, 0, 0, 0, 0, $5)
         ON CONFLICT (address) DO UPDATE SET name = EXCLUDED.name, url = EXCLUDED.url, commission_bps = EXCLUDED.commission_bps,
           registered_order = EXCLUDED.registered_order`,
        [address, name, url, commissionBps, checkpoint.genesisHash, sequence],
      )
    }
  })
  return { changed: missing.length > 0, done: true }
}
