import type { KeyValue, RecordLog } from '#primitives'
import { openBucket } from './buckets.ts'
import { openFileLog } from './fileLog.ts'
import { createStoreLog } from './storeLog.ts'

/** The journal of a node in a folder beside its store, where former versions had it. Rejects with a StoreError. */
export async function openJournal(folder: string, store: KeyValue): Promise<RecordLog> {
  const log = await openFileLog(folder)
  const former = createStoreLog(openBucket(store, 'journal'))
  const records = await former.read()
  if (records.length > 0) {
    // What is broken off is done again: a transaction may come back twice.
    await log.append(records)
    await former.forget(records.reduce((most, { until }) => (until > most ? until : most), 0n) + 1n)
  }
  return log
}
