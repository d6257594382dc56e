import { type Database, factTables, stateTableNames } from '#db'

/** Every row of the index as text, in an order that depends on the rows only: equal dumps are equal indexes. */
export async function dumpIndex(database: Database): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {}
  for (const table of [...factTables, ...stateTableNames]) {
    const { rows } = await database.pool.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM "${table}" t ORDER BY 1`,
    )
    dump[table] = rows.map(({ row }) => row)
  }
  return dump
}
