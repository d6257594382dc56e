import { readFileSync } from 'node:fs'

/** Milliseconds a process has stood in line for a processor since its start; 0 where the system does not tell. */
export function queuedMs(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}

export interface PatienceOptions {
  readonly limitMs: number
  /** The processes that must get something done; asked again each time, since they come and go. */
  pids(): readonly (number | undefined)[]
  queued?(pid: number | undefined): number
  now?(): number
}

/**
 * A time limit that does not run while the machine has no processor for those it is set for: what the one that waited longest stood
 * in line is added. So work of others on the machine is no finding, and a node that sits still is one.
 */
export class Patience {
  private readonly options: PatienceOptions
  private readonly startedMs: number
  private readonly before = new Map<number | undefined, number>()
  private grantedMs = 0

  constructor(options: PatienceOptions) {
    this.options = options
    this.startedMs = this.now()
    for (const pid of options.pids()) this.before.set(pid, this.queued(pid))
  }

  elapsedMs(): number {
    return this.now() - this.startedMs
  }

  isOver(): boolean {
    for (const pid of this.options.pids()) {
      this.grantedMs = Math.max(this.grantedMs, this.queued(pid) - (this.before.get(pid) ?? 0))
    }
    return this.elapsedMs() > this.options.limitMs + this.grantedMs
  }

  private now(): number {
    return this.options.now?.() ?? Date.now()
  }

  private queued(pid: number | undefined): number {
    return this.options.queued?.(pid) ?? queuedMs(pid)
  }
}
