'use client'

import { useCallback, useState } from 'react'
import { type ApiFailure, failureOf, type PortalApi, portalApi } from './ask.ts'

export interface Work {
  readonly failure: ApiFailure | undefined
  readonly busy: boolean
  /** Asks the server for something, then reads anew what is known. True when it was done. */
  act(work: (api: PortalApi) => Promise<unknown>): Promise<boolean>
}

/** What is asked of the server one after another, and what went wrong last; `failed` says so of a reading. */
export function useWork(read: () => Promise<void>): Work & { failed(error: unknown): void } {
  const [failure, setFailure] = useState<ApiFailure | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const failed = useCallback((error: unknown): void => setFailure(failureOf(error)), [])
  const act = useCallback(
    async (work: (api: PortalApi) => Promise<unknown>): Promise<boolean> => {
      setBusy(true)
      setFailure(undefined)
      try {
        await work(await portalApi())
        return true
      } catch (error) {
        failed(error)
        return false
      } finally {
        // Also when it failed: a session may have ended meanwhile.
        await read().catch(() => undefined)
        setBusy(false)
      }
    },
    [read, failed],
  )
  return { failure, busy, act, failed }
}
