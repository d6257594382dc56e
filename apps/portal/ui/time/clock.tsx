'use client'

import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'

/**
 * Chain time as the reader should see it. A development network can jump ahead of the wall clock, so everything
 * relative is measured against the chain's clock: wall clock plus the offset the server last reported.
 */
interface ClockSource {
  subscribe(listener: () => void): () => void
  now(): number
  serverNow: number
  adjust(chainNowMs: number): void
}

function createClock(serverNow: number): ClockSource {
  const listeners = new Set<() => void>()
  let offset = 0
  let current = serverNow
  let timer: ReturnType<typeof setInterval> | undefined
  const tick = () => {
    current = Date.now() + offset
    for (const listener of listeners) listener()
  }
  return {
    serverNow,
    now: () => current,
    adjust(chainNowMs) {
      const next = chainNowMs - Date.now()
      if (Math.abs(next - offset) > 500) offset = next
    },
    subscribe(listener) {
      listeners.add(listener)
      timer ??= setInterval(tick, 1000)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
  }
}

const ClockContext = createContext<ClockSource>(createClock(0))
let browserClock: ClockSource | undefined

export function ClockProvider({ nowMs, children }: { nowMs: number; children: ReactNode }) {
  const clock = typeof window === 'undefined' ? createClock(nowMs) : (browserClock ??= startClock(nowMs))
  return <ClockContext value={clock}>{children}</ClockContext>
}

function startClock(nowMs: number): ClockSource {
  const clock = createClock(nowMs)
  clock.adjust(nowMs)
  return clock
}

/** Chain time in milliseconds, once a second; during hydration the server's own time, so both renderings agree. */
export function useNow(): number {
  const clock = useContext(ClockContext)
  return useSyncExternalStore(clock.subscribe, clock.now, () => clock.serverNow)
}

export function useAdjustClock(): (chainNowMs: number) => void {
  return useContext(ClockContext).adjust
}

const never = () => () => undefined

/** False on the server and while hydrating, true afterwards: for text that depends on the reader's own zone. */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
