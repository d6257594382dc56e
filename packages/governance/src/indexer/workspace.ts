import type pg from 'pg'
import {
  deleteState,
  type FactRows,
  type FactTable,
  factTables,
  insertFacts,
  insertUndo,
  loadState,
  rowKey,
  type StateRows,
  type StateTable,
  stateTableNames,
  toColumns,
  type UndoImage,
  upsertState,
} from '#db'
import type { Hash } from '#domain'
import { IndexerError } from './errors.ts'

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

class CachedWorkspace implements Workspace {
  private readonly client: Pick<pg.Pool, 'query'>
  private readonly cache = new Map<StateTable, Map<string, AnyRow | null>>(
    stateTableNames.map((table) => [table, new Map()]),
  )
  private gathered = emptyGathered()
  private block: { height: bigint; hash: Hash; undoable: boolean } = { height: 0n, hash: '0x', undoable: false }
  private imaged = new Set<string>()

  constructor(client: Pick<pg.Pool, 'query'>) {
    this.client = client
  }

  beginBlock(block: { height: bigint; hash: Hash; undoable: boolean }): void {
    this.block = block
    this.imaged = new Set()
  }

  async get<T extends StateTable>(table: T, key: Partial<StateRows[T]>): Promise<StateRows[T] | undefined> {
    const text = rowKey(table, key)
    await this.load(table, [text])
    // Rows are stored under the table they were loaded from.
    return (this.rowsOf(table).get(text) ?? undefined) as StateRows[T] | undefined
  }

  put<T extends StateTable>(table: T, row: Draft<T>): void {
    const { height, hash } = this.block
    const whole = { ...row, height, blockHash: hash } as unknown as StateRows[T]
    this.write(table, rowKey(table, whole), whole)
  }

  remove<T extends StateTable>(table: T, key: Partial<StateRows[T]>): void {
    this.write(table, rowKey(table, key), null)
  }

  add<T extends FactTable>(table: T, row: FactRows[T]): void {
    const rows = this.gathered.facts.get(table)
    if (rows === undefined) this.gathered.facts.set(table, [row])
    else rows.push(row)
  }

  async preload<T extends StateTable>(table: T, keys: readonly Partial<StateRows[T]>[]): Promise<void> {
    const texts = keys.map((key) => rowKey(table, key))
    await this.load(table, texts)
  }

  async flush(client: pg.PoolClient): Promise<void> {
    for (const table of factTables) await insertFacts(client, table, this.gathered.facts.get(table) ?? [])
    for (const [table, keys] of this.gathered.dirty) {
      const rows = this.rowsOf(table)
      const present = [...keys].flatMap((key) => rows.get(key) ?? [])
      const gone = [...keys].filter((key) => rows.get(key) === null)
      await upsertState(client, table, present)
      await deleteState(client, table, gone)
    }
    await insertUndo(client, this.gathered.undo)
  }

  committed(): void {
    this.gathered = emptyGathered()
    for (const rows of this.cache.values()) if (rows.size > CACHED_ROWS_MAX) rows.clear()
  }

  reset(): void {
    this.gathered = emptyGathered()
    for (const rows of this.cache.values()) rows.clear()
  }

  private rowsOf(table: StateTable): Map<string, AnyRow | null> {
    const rows = this.cache.get(table)
    if (rows === undefined) throw new IndexerError('index.misuse', `There is no cache for table ${table}`)
    return rows
  }

  private async load<T extends StateTable>(table: T, keys: readonly string[]): Promise<void> {
    const rows = this.rowsOf(table)
    const missing = [...new Set(keys)].filter((key) => !rows.has(key))
    if (missing.length === 0) return
    const found = await loadState(this.client, table, missing)
    for (const key of missing) rows.set(key, null)
    for (const row of found) rows.set(rowKey(table, row), row)
  }

  private write(table: StateTable, key: string, row: AnyRow | null): void {
    const rows = this.rowsOf(table)
    const before = rows.get(key)
    if (before === undefined)
      throw new IndexerError('index.misuse', `Row ${key} of ${table} was changed before it was read`)
    const imageKey = `${table}${key}`
    if (this.block.undoable && !this.imaged.has(imageKey)) {
      this.imaged.add(imageKey)
      const image = before === null ? null : toColumns(before)
      this.gathered.undo.push({ height: this.block.height, tableName: table, rowKey: key, before: image })
    }
    rows.set(key, row)
    const dirty = this.gathered.dirty.get(table) ?? new Set()
    this.gathered.dirty.set(table, dirty.add(key))
  }
}

/** `client` answers the reads. */
export const createWorkspace = (client: Pick<pg.Pool, 'query'>): Workspace => new CachedWorkspace(client)
