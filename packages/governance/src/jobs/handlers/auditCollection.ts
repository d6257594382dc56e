import { everySignalCount, findRule, type RuleRecord, readCheckpoint, writeAudit } from '#db'
import type { SourceCollection } from '#indexer'
import type { JobContext } from './context.ts'

const ATTEMPTS = 3
const NAME = 'collection'

/** What differs, in sentences; empty when the index counted as the chain did. */
export function compareCollection(
  chain: SourceCollection,
  index: { readonly record: RuleRecord; readonly counts: ReadonlyMap<string, number> },
): string[] {
  const { record, counts } = index
  const { rule, candidate } = record
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['the collection in force', chain.current.hash, record.hash],
    ['its first block', chain.current.since, record.since],
    ['the successor that is locked in', chain.candidate?.hash, candidate?.hash],
    ['its lock-in', chain.candidate?.lockedAt, candidate?.lockedAt],
    ['its confirmed blocks', chain.candidate?.confirmed, candidate?.confirmed],
    ['its last reset', chain.candidate?.resetAt ?? undefined, candidate?.resetAt],
    ['the window', chain.window, rule.window],
    ['the blocks that lock in', chain.lockIn, rule.lockIn],
    ['the blocks that confirm', chain.confirm, rule.confirm],
    ['the upgrades', chain.upgrades, record.upgrades],
  ]
  const said = new Map(chain.signals.map(({ hash, blocks }) => [hash as string, blocks]))
  const hashes = [...new Set([...said.keys(), ...counts.keys()])]
  return [
    ...pairs.map(([what, theirs, ours]) => [what, theirs, ours] as const),
    ...hashes.map((hash) => [`the signals of ${hash}`, said.get(hash) ?? 0, counts.get(hash) ?? 0] as const),
  ].flatMap(([what, theirs, ours]) =>
    theirs === ours ? [] : [`${what}: ${theirs ?? 'none'} on the chain and ${ours ?? 'none'} in the index`],
  )
}

/** Compares what follows from the headers with what the contract says after the same block, and keeps the outcome. */
export async function auditCollection({ database, source, now }: JobContext): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await readCheckpoint(database.pool)
    if (before === undefined) return 'nothing is indexed yet'
    const [chain, record, counts] = await Promise.all([
      source.collection(before.height),
      findRule(database),
      everySignalCount(database),
    ])
    const after = await readCheckpoint(database.pool)
    // Both sides must have been read at one and the same block.
    if (record === undefined || chain?.hash !== before.hash || after?.hash !== before.hash) continue
    const differences = compareCollection(chain, { record, counts })
    const ok = differences.length === 0
    const detail = ok
      ? 'collection, successor and signals are those the chain counted'
      : differences.slice(0, 5).join('; ')
    await writeAudit(database, { name: NAME, height: before.height, checkedAtMs: now(), ok, detail })
    return detail
  }
  return 'the head moved each time; the next run will tell'
}
