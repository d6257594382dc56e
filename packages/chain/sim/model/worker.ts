import { serveJobs } from '../pool.ts'
import { playSlice, type Slice } from './slice.ts'

/** A process of the pool. */
serveJobs(async (text) => JSON.stringify(playSlice(JSON.parse(text) as Slice)))
