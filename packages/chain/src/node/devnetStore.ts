import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, OutcomeMemo } from '#ledger'
import { bytesToUtf8, type Hash, type KeyValue, type RecordLog, utf8ToBytes } from '#primitives'
import { createGroupCommit, createMemoryStore, openJournal, openLevelStore, openNamespace } from '#store'
import type { Closers } from './daemon/closers.ts'

const BIRTH_KEY = Uint8Array.of(2)
const SHARED_OUTCOMES = 64

/** What a devnet is born with. */
export interface Birth {
  readonly genesisTimeMs: number
  readonly slotMs: number
  readonly delegates: number
  readonly backups: number
  readonly seed: string
  /** Values of a delegate's hash chain; the chain's default when absent. */
  readonly reveals?: number
  /** How far the clock is behind the machine's at first; none when absent. */
  readonly ageMs?: number
  /** Values of contract parameters that differ from the declared ones, as decimal text. */
  readonly params?: Readonly<Record<string, string>>
}

/** One store for all nodes of a devnet, so that a block costs them one flush. */
export async function openStore(dataDir: string | undefined): Promise<KeyValue> {
  if (dataDir === undefined) return createMemoryStore()
  await mkdir(dataDir, { recursive: true })
  return createGroupCommit(await openLevelStore(join(dataDir, 'chain')))
}

/** What one of the nodes keeps: a part of the store, and a journal of its own where the store is on a disk. */
export async function openNodeStore(
  shared: { readonly store: KeyValue; readonly dataDir: string | undefined; readonly closers: Closers },
  number: number,
): Promise<{ readonly store: KeyValue; readonly journal?: RecordLog }> {
  const store = openNamespace(shared.store, number)
  if (shared.dataDir === undefined) return { store }
  const journal = await openJournal(join(shared.dataDir, 'journal', String(number)), store)
  shared.closers.add('a journal', () => journal.close())
  return { store, journal }
}

/** The options of the first start hold for the life of the data directory. */
export async function loadBirth(store: KeyValue, options: Partial<Birth>): Promise<Birth> {
  const stored = await store.get(BIRTH_KEY)
  if (stored !== undefined) return JSON.parse(bytesToUtf8(stored)) as Birth
  const slotMs = options.slotMs ?? 1000
  const nowMs = Date.now() - (options.ageMs ?? 0)
  const birth: Birth = {
    genesisTimeMs: nowMs - (nowMs % slotMs),
    slotMs,
    delegates: options.delegates ?? 17,
    backups: options.backups ?? 3,
    seed: options.seed ?? '1',
    ...(options.reveals === undefined ? {} : { reveals: options.reveals }),
    ...(options.ageMs === undefined ? {} : { ageMs: options.ageMs }),
    ...(options.params === undefined ? {} : { params: options.params }),
  }
  await store.write([{ put: [BIRTH_KEY, utf8ToBytes(JSON.stringify(birth))] }], { sync: true })
  return birth
}

/** Outcomes of the newest blocks, in memory once for all nodes. */
export function createMemo(trusted: boolean): OutcomeMemo {
  const outcomes = new Map<Hash, Outcome>()
  return {
    trusted,
    get: (hash) => outcomes.get(hash),
    put(hash, outcome) {
      outcomes.set(hash, outcome)
      const oldest = outcomes.keys().next()
      if (outcomes.size > SHARED_OUTCOMES && oldest.done !== true) outcomes.delete(oldest.value)
    },
  }
}
