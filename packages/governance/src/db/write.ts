import type pg from 'pg'
import { toColumn, toColumns, toField, toJson } from './json.ts'
import {
  type FactRows,
  type FactTable,
  factTables,
  type StateRows,
  type StateTable,
  stateTableNames,
  stateTables,
} from './rows.ts'

type Client = Pick<pg.ClientBase, 'query'> | Pick<pg.Pool, 'query'>

/** PostgreSQL casts one JSON list to rows: a statement a table and batch, whatever the number of rows. */
const recordset = (table: string): string => `SELECT * FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb)`

/** Inserts facts; a row that is already there is an error, since a block is never written twice. */
export async function insertFacts<T extends FactTable>(
  client: Client,
  table: T,
  rows: readonly FactRows[T][],
): Promise<void> {
  if (rows.length === 0) return
  await client.query(`INSERT INTO "${table}" ${recordset(table)}`, [toJson(rows.map(toColumns))])
}

/** Writes the newest image of keyed rows. */
export async function upsertState<T extends StateTable>(
  client: Client,
  table: T,
  rows: readonly StateRows[T][],
): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  const key = stateTables[table].key.map(toColumn)
  const updates = Object.keys(first)
    .map(toColumn)
    .filter((column) => !key.includes(column))
  await client.query(
    `INSERT INTO "${table}" ${recordset(table)} ON CONFLICT (${key.map(quote).join(', ')})
     DO UPDATE SET ${updates.map((column) => `${quote(column)} = EXCLUDED.${quote(column)}`).join(', ')}`,
    [toJson(rows.map(toColumns))],
  )
}

/** Deletes keyed rows by their keys (`rowKey` texts). */
export async function deleteState(client: Client, table: StateTable, rowKeys: readonly string[]): Promise<void> {
  if (rowKeys.length === 0) return
  const key = stateTables[table].key.map(toColumn)
  const columns = key.map((_, index) => `k->>${index}`).join(', ')
  await client.query(
    `DELETE FROM "${table}" WHERE (${key.map(quote).join(', ')}) IN (SELECT ${columns} FROM jsonb_array_elements($1::jsonb) AS k)`,
    [`[${rowKeys.join(',')}]`],
  )
}

/** Key of a row as it stands in `undo_entries`: the JSON list of its key values. */
export function rowKey<T extends StateTable>(table: T, row: Partial<StateRows[T]>): string {
  return JSON.stringify(stateTables[table].key.map((column) => row[column]))
}

/** Loads keyed rows by their keys, with `bigint` columns as such. */
export async function loadState<T extends StateTable>(
  client: Client,
  table: T,
  rowKeys: readonly string[],
): Promise<StateRows[T][]> {
  if (rowKeys.length === 0) return []
  const key = stateTables[table].key.map(toColumn)
  const columns = key.map((_, index) => `k->>${index}`).join(', ')
  const found = await client.query<Record<string, unknown>>(
    `SELECT * FROM "${table}" WHERE (${key.map(quote).join(', ')}) IN (SELECT ${columns} FROM jsonb_array_elements($1::jsonb) AS k)`,
    [`[${rowKeys.join(',')}]`],
  )
  return found.rows.map((row) => toStateRow(table, row))
}

/** The driver answers bigint and numeric columns as text, JSON images hold them as text too. */
function toStateRow<T extends StateTable>(table: T, row: Record<string, unknown>): StateRows[T] {
  const { bigints, numbers } = stateTables[table]
  const entries = Object.entries(row).map(([column, value]): [string, unknown] => {
    const field = toField(column)
    if (value !== null && bigints.includes(field)) return [field, BigInt(String(value))]
    if (value !== null && numbers.includes(field)) return [field, Number(value)]
    return [field, value]
  })
  // The columns of a table are the fields of its row by construction of the migration.
  return Object.fromEntries(entries) as unknown as StateRows[T]
}

export interface UndoImage {
  readonly height: bigint
  readonly tableName: StateTable
  readonly rowKey: string
  /** Columns of the row before the block, null when it did not exist. */
  readonly before: Record<string, unknown> | null
}

export async function insertUndo(client: Client, images: readonly UndoImage[]): Promise<void> {
  if (images.length === 0) return
  await client.query(`INSERT INTO "undo_entries" ${recordset('undo_entries')}`, [toJson(images.map(toColumns))])
}

/** Takes back every block above `height`: facts are deleted, keyed rows get the image from before the first undone block. */
export async function undoAbove(client: Client, height: bigint): Promise<void> {
  for (const table of factTables) await client.query(`DELETE FROM "${table}" WHERE "height" > $1`, [height])
  for (const table of stateTableNames) {
    const oldest = await client.query<{ row_key: string; before: Record<string, unknown> | null }>(
      `SELECT DISTINCT ON (row_key) row_key, before FROM "undo_entries" WHERE table_name = $1 AND height > $2 ORDER BY row_key, height`,
      [table, height],
    )
    const gone = oldest.rows.filter((entry) => entry.before === null).map((entry) => entry.row_key)
    const restored = oldest.rows.flatMap((entry) => (entry.before === null ? [] : [toStateRow(table, entry.before)]))
    await deleteState(client, table, gone)
    await upsertState(client, table, restored)
  }
  await client.query('DELETE FROM "undo_entries" WHERE "height" > $1', [height])
}

/** Images at or below the finalised height can never be needed. */
export async function pruneUndo(client: Client, finalizedHeight: bigint): Promise<void> {
  await client.query('DELETE FROM "undo_entries" WHERE "height" <= $1', [finalizedHeight])
}

/** Empties every table of the index. */
export async function wipe(client: Client): Promise<void> {
  const tables = [...factTables, ...stateTableNames, 'undo_entries', 'checkpoints', 'audits']
  await client.query(`TRUNCATE ${tables.map(quote).join(', ')}`)
}

function quote(name: string): string {
  return `"${name}"`
}
