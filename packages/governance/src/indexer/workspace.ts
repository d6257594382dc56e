import type pg from 'pg'
import {
  type FactRows, type FactTable, factTables, deleteState, insertFacts, insertUndo, loadState, rowKey, type StateRows, type StateTable, stateTableNames,
  toColumns, type UndoImage, upsertState,
} from '#db'
import type { Hash } from '#domain'

const CACHED_ROWS_MAX = 50_000

/** A keyed row without the columns that name the block it was last changed by; the workspace adds them. */
export type Draft<T extends StateTable> = Omit<StateRows[T], 'height' | 'blockHash'>

/**
 * What a batch of blocks writes, gathered in memory: handlers read and change keyed rows here, and the whole batch goes
 * to the database in one transaction. Rows stay cached between batches, since one indexer writes alone.
 */
export interface Workspace {
  /** Names the block that following changes belong to. Without `undoable` no images for taking it back are kept. */
  beginBlock(block: { height: bigint; hash: Hash; undoable: boolean }): void
  get<T extends StateTable>(table: T, key: Partial<StateRows[T]>): Promise<StateRows[T] | undefined>
  put<T extends StateTable>(table: T, row: Draft<T>): void
  remove<T extends StateTable>(table: T, key: Partial<StateRows[T]>): void
  add<T extends FactTable>(table: T, row: FactRows[T]): void
  /** Loads many keyed rows at once. */
  preload<T extends StateTable>(table: T, keys: readonly Partial<StateRows[T]>[]): Promise<void>
  flush(client: pg.PoolClient): Promise<void>
  /** Call after the transaction of `flush` committed. */
  committed(): void
  /** Forgets everything gathered and cached. */
  reset(): void
}

type AnyRow = StateRows[StateTable]

interface Gathered {
  facts: Map<FactTable, FactRows[FactTable][]>
  dirty: Map<StateTable, Set<string>>
  undo: UndoImage[]
}

const emptyGathered = (): Gathered => ({ facts: new Map(), dirty: new Map(), undo: [] })

/** `client` answers the reads. */
export function createWorkspace(client: Pick<pg.Pool, 'query'>): Workspace {
  const cache = new Map<StateTable, Map<string, AnyRow | null>>(stateTableNames.map((table) => [table, new Map()]))
  let gathered = emptyGathered()
  let block: { height: bigint; hash: Hash; undoable: boolean } = { height: 0n, hash: '0x', undoable: false }
  let imaged = new Set<string>()

  const rowsOf = (table: StateTable): Map<string, AnyRow | null> => {
    const rows = cache.get(table)
    if (rows === undefined) throw new TypeError(`no cache for table ${table}`)
    return rows
  }

  async function load<T extends StateTable>(table: T, keys: readonly string[]): Promise<void> {
    const rows = rowsOf(table)
    const missing = [...new Set(keys)].filter((key) => !rows.has(key))
    if (missing.length === 0) return
    const found = await loadState(client as pg.PoolClient, table, missing)
    for (const key of missing) rows.set(key, null)
    for (const row of found) rows.set(rowKey(table, row), row)
  }

  function write(table: StateTable, key: string, row: AnyRow | null): void {
    const rows = rowsOf(table)
    const before = rows.get(key)
    if (before === undefined) throw new TypeError(`row ${key} of ${table} was changed before it was read`)
    const imageKey = `${table}${key}`
    if (block.undoable && !imaged.has(imageKey)) {
      imaged.add(imageKey)
      gathered.undo.push({ height: block.height, tableName: table, rowKey: key, before: before === null ? null : toColumns(before) })
    }
    rows.set(key, row)
    const dirty = gathered.dirty.get(table) ?? new Set()
    gathered.dirty.set(table, dirty.add(key))
  }

  async function flush(target: pg.PoolClient): Promise<void> {
    for (const table of factTables) await insertFacts(target, table, gathered.facts.get(table) ?? [])
    for (const [table, keys] of gathered.dirty) {
      const rows = rowsOf(table)
      await upsertState(target, table, [...keys].flatMap((key) => rows.get(key) ?? []))
      await deleteState(target, table, [...keys].filter((key) => rows.get(key) === null))
    }
    await insertUndo(target, gathered.undo)
  }

  return {
    beginBlock: (next) => {
      block = next
      imaged = new Set()
    },
    async get<T extends StateTable>(table: T, key: Partial<StateRows[T]>) {
      const text = rowKey(table, key)
      await load(table, [text])
      // Rows are stored under the table they were loaded from.
      return (rowsOf(table).get(text) ?? undefined) as StateRows[T] | undefined
    },
    put: (table, row) => {
      const whole = { ...row, height: block.height, blockHash: block.hash } as unknown as StateRows[typeof table]
      write(table, rowKey(table, whole), whole)
    },
    remove: (table, key) => write(table, rowKey(table, key), null),
    add: (table, row) => {
      const rows = gathered.facts.get(table)
      if (rows === undefined) gathered.facts.set(table, [row])
      else rows.push(row)
    },
    preload: (table, keys) => load(table, keys.map((key) => rowKey(table, key))),
    flush,
    committed: () => {
      gathered = emptyGathered()
      for (const rows of cache.values()) if (rows.size > CACHED_ROWS_MAX) rows.clear()
    },
    reset: () => {
      gathered = emptyGathered()
      for (const rows of cache.values()) rows.clear()
    },
  }
}
