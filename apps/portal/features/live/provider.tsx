'use client'

import type { LiveEvent, PulseView } from '@aelf/governance/domain'
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { useAdjustClock } from '#ui/time/clock.tsx'

/** What the frame knows about the network right now; undefined fields were never answered. */
export interface LiveState {
  readonly connection: 'connecting' | 'live' | 'stopped'
  /** Wall-clock time of the last word from the server. */
  readonly heardAtMs: number
  readonly slotMs: number
  readonly height?: bigint
  readonly headTimeMs?: number
  readonly finalizedHeight?: bigint
  readonly round?: number
  readonly term?: number
  readonly termEndsAtMs?: number
  readonly node?: PulseView['node']
  readonly event?: LiveEvent
}

const LiveContext = createContext<LiveState>({ connection: 'connecting', heardAtMs: 0, slotMs: 4000 })

export function useLive(): LiveState {
  return useContext(LiveContext)
}

function initialState(pulse: PulseView | undefined): LiveState {
  if (pulse === undefined) return { connection: 'connecting', heardAtMs: 0, slotMs: 4000 }
  return {
    connection: 'connecting',
    heardAtMs: pulse.asOf.answeredAtMs,
    slotMs: pulse.slotMs,
    height: pulse.height,
    headTimeMs: pulse.headTimeMs,
    finalizedHeight: pulse.finalizedHeight,
    round: pulse.round,
    term: pulse.term,
    termEndsAtMs: pulse.termEndsAtMs,
    node: pulse.node,
  }
}

/** Follows the server's event stream; reconnects on its own and says honestly when it has stopped. */
export function LiveProvider({ pulse, children }: { pulse: PulseView | undefined; children: ReactNode }) {
  const [state, setState] = useState(() => initialState(pulse))
  const adjustClock = useAdjustClock()
  const adjust = useRef(adjustClock)
  adjust.current = adjustClock
  useEffect(() => {
    let cancelled = false
    let stop: (() => void) | undefined
    const heard = (event: LiveEvent) => {
      if (event.head.timeMs > Date.now()) adjust.current(event.head.timeMs)
      setState((previous) => ({ ...previous, ...afterEvent(previous, event) }))
      if (event.changed.includes('term')) void refreshPulse(setState)
    }
    void import('./trpc.ts').then(({ trpc }) => {
      if (cancelled) return
      const subscription = trpc.network.live.subscribe(undefined, {
        onData: (message) => heard(message.data),
        onConnectionStateChange: (change) => {
          setState((previous) => ({
            ...previous,
            connection:
              change.state === 'pending'
                ? 'live'
                : change.state === 'connecting' && change.error === null
                  ? previous.connection
                  : 'stopped',
          }))
        },
        onError: () => setState((previous) => ({ ...previous, connection: 'stopped' })),
      })
      stop = () => subscription.unsubscribe()
    })
    return () => {
      cancelled = true
      stop?.()
    }
  }, [])
  return <LiveContext value={state}>{children}</LiveContext>
}

function afterEvent(previous: LiveState, event: LiveEvent): Partial<LiveState> {
  return {
    event,
    heardAtMs: Date.now(),
    height: event.head.height,
    headTimeMs: event.head.timeMs,
    finalizedHeight: event.finalizedHeight,
    round: event.round,
    term: event.term,
    connection: 'live',
    slotMs: previous.slotMs,
  }
}

async function refreshPulse(setState: (update: (previous: LiveState) => LiveState) => void): Promise<void> {
  const { trpc } = await import('./trpc.ts')
  const pulse = await trpc.network.pulse.query().catch(() => undefined)
  if (pulse !== undefined)
    setState((previous) => ({ ...previous, termEndsAtMs: pulse.termEndsAtMs, node: pulse.node, term: pulse.term }))
}
