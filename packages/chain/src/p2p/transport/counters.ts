/** Why something did not arrive. */
export type DropReason = 'queueFull' | 'rate' | 'busy' | 'late' | 'notConnected'

/** What passed through a node since it started. */
export interface TrafficCounters {
  readonly messages: readonly {
    readonly direction: 'in' | 'out'
    readonly kind: string
    readonly count: number
    readonly bytes: number
  }[]
  readonly dropped: Readonly<Record<DropReason, number>>
  /** Handshakes that failed, by the reason's code. */
  readonly refused: Readonly<Record<string, number>>
  readonly bans: number
}

interface Cell {
  count: number
  bytes: number
}

/** Kinds and codes are few and fixed: what a peer makes up counts under one name. */
export class Counters {
  bans = 0
  private readonly messages = new Map<string, Cell>()
  private readonly drops: Record<DropReason, number> = { queueFull: 0, rate: 0, busy: 0, late: 0, notConnected: 0 }
  private readonly refusals = new Map<string, number>()

  message(direction: 'in' | 'out', kind: string, bytes: number): void {
    const key = `${direction} ${kind}`
    const cell = this.messages.get(key) ?? { count: 0, bytes: 0 }
    cell.count += 1
    cell.bytes += bytes
    this.messages.set(key, cell)
  }

  dropped(reason: DropReason): void {
    this.drops[reason] += 1
  }

  refused(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1)
  }

  read(): TrafficCounters {
    return {
      messages: [...this.messages].map(([key, { count, bytes }]) => {
        const [direction, kind = ''] = key.split(' ')
        return { direction: direction === 'in' ? 'in' : 'out', kind, count, bytes }
      }),
      dropped: { ...this.drops },
      refused: Object.fromEntries(this.refusals),
      bans: this.bans,
    }
  }
}
