import type { PeerView } from '#p2p/transport'
import type { Logger } from '#primitives'
import type { NodeWarning } from '../api.ts'

/** Off by this part of a slot, a clock earns a warning. */
const WARN_PART = 0.25
/** Off by this part of a slot, two clocks disagree: blocks come when others no longer wait for them, or not yet. */
const DISAGREE_PART = 0.5
/** Fewer peers cannot say whose clock it is that is wrong. */
const LEAST_PEERS = 3

/** This node's clock against those of its peers. */
export interface ClockComparison {
  /** How far it is ahead of the middle one of its peers, in milliseconds; null while no peer has told its time. */
  readonly offsetMs: number | null
  /** Peers that have. */
  readonly peers: number
  /** Those whose clock is certainly elsewhere. */
  readonly disagreeing: number
  /** False when half of the peers or more disagree. The clock is never set by what peers say. */
  readonly isTrusted: boolean
}

export interface ClockWatch {
  comparison(): ClockComparison
  /** Whether blocks made by this clock would be of use. */
  mayProduce(): boolean
  warning(): NodeWarning | undefined
}

export type ClockedPeer = Pick<PeerView, 'direction' | 'clock'>

function middleOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const at = Math.floor(sorted.length / 2)
  const upper = sorted[at]
  if (upper === undefined) return null
  return sorted.length % 2 === 1 ? upper : ((sorted[at - 1] ?? upper) + upper) / 2
}

/** Compares by what peers last said. Each answer is as exact as it was quick, and disagrees only by what is beyond that. */
export function compareClocks(peers: readonly ClockedPeer[], slotMs: number): ClockComparison {
  const told = peers.flatMap(({ clock, direction }) => (clock === null ? [] : [{ ...clock, direction }]))
  const disagrees = ({ aheadMs, errorMs }: { aheadMs: number; errorMs: number }): boolean =>
    Math.abs(aheadMs) - errorMs > slotMs * DISAGREE_PART
  const half = (some: typeof told): boolean => some.filter(disagrees).length * 2 >= some.length
  // Anybody can connect to a node and lie, so those it connected to itself must say the same.
  const chosen = told.filter(({ direction }) => direction === 'out')
  const isTrusted = told.length < LEAST_PEERS || !half(told) || (chosen.length > 0 && !half(chosen))
  return {
    offsetMs: middleOf(told.map(({ aheadMs }) => aheadMs)),
    peers: told.length,
    disagreeing: told.filter(disagrees).length,
    isTrusted,
  }
}

const inSeconds = (ms: number): string => `${(Math.abs(ms) / 1000).toFixed(ms < 100 && ms > -100 ? 3 : 1)} s`

/** Watches this node's clock through its peers, for its operator and so that it makes no block at a wrong time. */
export function watchClock(peers: () => readonly ClockedPeer[], deps: { slotMs: number; logger: Logger }): ClockWatch {
  const { slotMs, logger } = deps
  let trusted = true
  const comparison = (): ClockComparison => {
    const found = compareClocks(peers(), slotMs)
    const { isTrusted, offsetMs, disagreeing } = found
    if (trusted && !isTrusted) {
      logger.error('The clock disagrees with most peers; no blocks are made', {
        code: 'clock.offset',
        offsetMs,
        peers: disagreeing,
      })
    }
    if (!trusted && isTrusted) logger.info('The clock agrees with most peers again; blocks are made', { offsetMs })
    trusted = isTrusted
    return found
  }
  return {
    comparison,
    mayProduce: () => comparison().isTrusted,
    warning() {
      const { offsetMs, peers: told, isTrusted } = comparison()
      if (offsetMs === null || (isTrusted && Math.abs(offsetMs) <= slotMs * WARN_PART)) return undefined
      const where = `The clock is ${inSeconds(offsetMs)} ${offsetMs > 0 ? 'ahead of' : 'behind'} the middle of ${told} peers`
      const what = isTrusted ? 'set it by NTP before slots are lost' : 'no blocks are made until it is set right'
      return { code: 'clock.offset', message: `${where}; ${what}` }
    },
  }
}
