'use client'

import { useCallback, useEffect, useState } from 'react'
import { useLive } from './provider.tsx'
import type { trpc } from './trpc.ts'

export type ApiState<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly message: string }

const REFRESH_MS = 6000

/** Asks the API from the browser and asks again while the chain moves; `key` names what is asked, undefined asks nothing. */
export function useApi<T>(
  key: string | undefined,
  ask: (api: typeof trpc) => Promise<T>,
): ApiState<T> & { readonly reload: () => void } {
  const [answer, setAnswer] = useState<{ key: string; state: ApiState<T> } | undefined>(undefined)
  const [turn, setTurn] = useState(0)
  const { event } = useLive()
  const beat = event === undefined ? 0 : Math.floor(event.head.timeMs / REFRESH_MS)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the question; beat and turn ask it again
  useEffect(() => {
    if (key === undefined) return
    let gone = false
    void import('./trpc.ts')
      .then(({ trpc }) => ask(trpc))
      .then(
        (value) => {
          if (!gone) setAnswer({ key, state: { state: 'ready', value } })
        },
        (error: unknown) => {
          if (gone) return
          // An earlier answer stays on screen; only a first failure replaces the skeleton.
          setAnswer((previous) =>
            previous?.key === key && previous.state.state === 'ready'
              ? previous
              : { key, state: { state: 'failed', message: error instanceof Error ? error.message : 'No answer' } },
          )
        },
      )
    return () => {
      gone = true
    }
  }, [key, beat, turn])
  const reload = useCallback(() => setTurn((value) => value + 1), [])
  const state: ApiState<T> = answer !== undefined && answer.key === key ? answer.state : { state: 'loading' }
  return { ...state, reload }
}
