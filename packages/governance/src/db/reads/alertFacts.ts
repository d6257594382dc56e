import type { Address } from '#domain'
import type { Database } from '../database.ts'

const SLOTS_READ = 40
const ROUNDS_READ = 6
const TERMS_READ = 3

export interface SlotFact {
  readonly delegate: Address
  readonly slot: bigint
  readonly missed: boolean
  readonly reason: string | null
}

/** The newest slots of these delegates that are over, oldest first. */
export async function recentSlots({ pool }: Database, delegates: readonly string[]): Promise<SlotFact[]> {
  const { rows } = await pool.query<{ producer: string; slot: string; state: string; reason: string | null }>(
    `SELECT s.producer, s.slot, s.state, s.reason FROM unnest($1::text[]) AS d
     CROSS JOIN LATERAL (SELECT * FROM "round_slots" WHERE producer = d AND state IN ('produced', 'missed') ORDER BY slot DESC LIMIT ${SLOTS_READ}) s
     ORDER BY s.slot`,
    [delegates],
  )
  return rows.map((row) => ({
    delegate: row.producer as Address,
    slot: BigInt(row.slot),
    missed: row.state === 'missed',
    reason: row.reason,
  }))
}

export interface RoundFact {
  readonly round: number
  readonly startSlot: bigint
  readonly excluded: readonly { readonly address: string; readonly untilMs: number; readonly failures: number }[]
}

/** The newest finished rounds with who was excluded, oldest first. */
export async function recentExclusions({ prisma }: Database): Promise<RoundFact[]> {
  const rows = await prisma.round.findMany({
    orderBy: { number: 'desc' },
    take: ROUNDS_READ,
    select: { number: true, startSlot: true, excluded: true },
  })
  return rows.reverse().map((row) => ({
    round: row.number,
    startSlot: row.startSlot,
    // Written by the indexer with exactly these fields.
    excluded: row.excluded as unknown as RoundFact['excluded'],
  }))
}

export interface TermFact {
  readonly term: number
  readonly height: bigint
  readonly producers: ReadonlySet<string>
}

/** The newest terms with their producers, oldest first. */
export async function recentTerms({ pool }: Database): Promise<TermFact[]> {
  const { rows } = await pool.query<{ term: number; start_height: string; producers: string[] }>(
    `SELECT t.term, t.start_height, array_agg(p.address) AS producers FROM "terms" t JOIN "term_producers" p ON p.term = t.term
     GROUP BY t.term, t.start_height ORDER BY t.term DESC LIMIT $1`,
    [TERMS_READ],
  )
  return rows
    .reverse()
    .map((row) => ({ term: row.term, height: BigInt(row.start_height), producers: new Set(row.producers) }))
}

/** Round, slot of a block, and when the chain began. */
export async function placeOf(
  { prisma }: Database,
  height: bigint,
): Promise<{ round: number; slot: bigint; genesisTimeMs: number } | undefined> {
  const [block, genesis] = await Promise.all([
    prisma.block.findUnique({ where: { height }, select: { round: true, slot: true } }),
    prisma.block.findUnique({ where: { height: 0n }, select: { timeMs: true } }),
  ])
  return block === null || genesis === null
    ? undefined
    : { round: block.round, slot: block.slot, genesisTimeMs: Number(genesis.timeMs) }
}
