'use client'

import { useCallback, useEffect, useState } from 'react'
import { type ApiFailure, failureOf, type PortalApi, portalApi } from './ask.ts'

export interface AccountState {
  /** Whose session this browser holds; null for nobody's, undefined until the server has said. */
  readonly signedIn: string | null | undefined
  /** Whether anybody can sign in here. */
  readonly isPossible: boolean
  readonly failure: ApiFailure | undefined
  readonly busy: boolean
  /** Asks the server for something, then who is signed in. True when it was done. */
  act(work: (api: PortalApi) => Promise<unknown>): Promise<boolean>
}

/** Who is signed in, and what that account asks of the server. */
export function useAccount(): AccountState {
  const [known, setKnown] = useState<Pick<AccountState, 'signedIn' | 'isPossible'>>({
    signedIn: undefined,
    isPossible: true,
  })
  const [failure, setFailure] = useState<ApiFailure | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const read = useCallback(async (): Promise<void> => {
    const api = await portalApi()
    const [{ signIn }, { address }] = await Promise.all([api.alerts.options.query(), api.session.current.query()])
    setKnown({ signedIn: address, isPossible: signIn })
  }, [])
  useEffect(() => {
    read().catch((error: unknown) => setFailure(failureOf(error)))
  }, [read])
  const act = useCallback(
    async (work: (api: PortalApi) => Promise<unknown>): Promise<boolean> => {
      setBusy(true)
      setFailure(undefined)
      try {
        await work(await portalApi())
        return true
      } catch (error) {
        setFailure(failureOf(error))
        return false
      } finally {
        // A session may have ended meanwhile.
        await read().catch(() => undefined)
        setBusy(false)
      }
    },
    [read],
  )
  return { ...known, failure, busy, act }
}
