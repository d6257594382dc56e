import { statfs } from 'node:fs/promises'
import type { Logger } from '#primitives'
import type { NodeWarning } from '../api.ts'

/** How often the free space is read. */
const PERIOD_MS = 5000
/** Below this, or this part of the disk where that is less, nothing is produced. The store needs it to write and to tidy up. */
const STOP = { bytes: 128 * 1024 * 1024, part: 0.15 } as const
/** Below this, or this part, there is a warning. */
const WARN = { bytes: 1024 * 1024 * 1024, part: 0.25 } as const
const MIB = 1024 * 1024

export interface DiskWatch {
  /** False while the disk is too full to make blocks; true again once there is room. */
  hasRoom(): boolean
  warning(): NodeWarning | undefined
  stop(): void
}

/** Space of a disk in bytes. */
export type ReadSpace = () => Promise<{ readonly free: number; readonly total: number }>

const spaceOf =
  (folder: string): ReadSpace =>
  async () => {
    const { bavail, blocks, bsize } = await statfs(folder)
    return { free: bavail * bsize, total: blocks * bsize }
  }

export interface DiskWatchOptions {
  readonly logger: Logger
  readonly readSpace?: ReadSpace
  readonly periodMs?: number
}

/** Watches the disk a node writes to, so that it stops making blocks while everything it signed can still be written. */
export async function watchDisk(folder: string, options: DiskWatchOptions): Promise<DiskWatch> {
  const { logger, readSpace = spaceOf(folder), periodMs = PERIOD_MS } = options
  let room = true
  let warning: NodeWarning | undefined
  const look = async (): Promise<void> => {
    const { free, total } = await readSpace()
    const below = ({ bytes, part }: { readonly bytes: number; readonly part: number }): boolean =>
      free < Math.min(bytes, total * part)
    const had = room
    room = !below(STOP)
    const left = `${Math.floor(free / MIB)} MiB are left on the disk of ${folder}`
    const consequence = room ? 'make room soon' : 'this node makes no blocks until there is more'
    warning = below(WARN) ? { code: 'disk.low', message: `${left}; ${consequence}` } : undefined
    if (had && !room) logger.error('The disk is nearly full; no blocks are made', { code: 'disk.low', freeBytes: free })
    if (!had && room) logger.info('There is room on the disk again; blocks are made', { freeBytes: free })
  }
  const lookQuietly = (): void => {
    look().catch((error: unknown) => logger.warn('The free space is not known', { reason: String(error) }))
  }
  await look()
  const timer = setInterval(lookQuietly, periodMs)
  timer.unref()
  return { hasRoom: () => room, warning: () => warning, stop: () => clearInterval(timer) }
}
