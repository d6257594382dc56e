import { parentPort, workerData } from 'node:worker_threads'
import { checkArchive } from './checkArchive.ts'

/** The thread of `createChecker`: one archive in, one answer out. */
parentPort?.postMessage(await checkArchive(workerData as Uint8Array))
