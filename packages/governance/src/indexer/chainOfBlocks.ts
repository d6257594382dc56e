import type pg from 'pg'
import type { CheckpointRow } from '#db'
import type { Hash } from '#domain'
import type { ChainSource } from './sources/source.ts'

const STEP = 32n

type Client = Pick<pg.Pool, 'query'>

/** Hashes of indexed blocks of an inclusive range, by height. */
async function indexedHashes(client: Client, from: bigint, to: bigint): Promise<Map<bigint, Hash>> {
  const { rows } = await client.query<{ height: string; hash: Hash }>(
    'SELECT height, hash FROM "blocks" WHERE height BETWEEN $1 AND $2',
    [from, to],
  )
  return new Map(rows.map((row) => [BigInt(row.height), row.hash]))
}

/** Hash of an indexed block; undefined when it is not indexed. */
export async function indexedHash(client: Client, height: bigint): Promise<Hash | undefined> {
  return (await indexedHashes(client, height, height)).get(height)
}

/**
 * Height of the newest indexed block that the node's chain has too; undefined when not even genesis is shared.
 * `head` is the node's head height.
 */
export async function findCommonHeight(
  client: Client,
  source: ChainSource,
  { checkpoint, head }: { checkpoint: CheckpointRow; head: bigint },
): Promise<bigint | undefined> {
  let top = checkpoint.height < head ? checkpoint.height : head
  while (top >= 0n) {
    const bottom = top >= STEP ? top - STEP + 1n : 0n
    const indexed = await indexedHashes(client, bottom, top)
    for (let height = top; height >= bottom; height--) {
      const ours = indexed.get(height)
      if (ours !== undefined && (await source.hashAt(height)) === ours) return height
    }
    top = bottom - 1n
  }
  return undefined
}
