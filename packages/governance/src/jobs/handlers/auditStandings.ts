import { listStandings, readCheckpoint, type StandingRecord, writeAudit } from '#db'
import type { SourceRanking } from '#indexer'
import type { JobContext } from './context.ts'

const ATTEMPTS = 3
const NAME = 'standings'

/** What differs, in sentences; empty when index and chain agree. */
export function compareStandings(chain: SourceRanking['entries'], index: readonly StandingRecord[]): string[] {
  const ours = index.filter((row) => row.standing === 'registered')
  const places = new Map(ours.map((row, place) => [row.address as string, { rank: place + 1, weight: row.weight }]))
  const differences = chain.flatMap(({ delegate, weight, rank }) => {
    const found = places.get(delegate)
    if (found === undefined) return [`${delegate} is missing in the index`]
    if (found.weight !== weight) return [`${delegate} weighs ${weight} on the chain and ${found.weight} in the index`]
    return found.rank === rank ? [] : [`${delegate} ranks ${rank} on the chain and ${found.rank} in the index`]
  })
  const known = new Set(chain.map(({ delegate }) => delegate))
  return [
    ...differences,
    ...ours.filter((row) => !known.has(row.address)).map((row) => `${row.address} is not registered on the chain`),
  ]
}

/** Compares the standing of every delegate with the chain's own ranking at the indexed head, and keeps the outcome. */
export async function auditStandings({ database, source, now }: JobContext): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await readCheckpoint(database.pool)
    if (before === undefined) return 'nothing is indexed yet'
    const { hash, entries: chain } = await source.ranking(before.height)
    const index = await listStandings(database, before.timeMs)
    const after = await readCheckpoint(database.pool)
    // Both sides must have been read at one and the same block.
    if (hash !== before.hash || after?.hash !== before.hash) continue
    const differences = compareStandings(chain, index)
    const ok = differences.length === 0
    const detail = ok
      ? `${chain.length} delegates have the weight and place the chain gives them`
      : differences.slice(0, 5).join('; ')
    await writeAudit(database, { name: NAME, height: before.height, checkedAtMs: now(), ok, detail })
    return detail
  }
  return 'the head moved each time; the next run will tell'
}
