'use client'

import { useCallback, useEffect, useState } from 'react'
import { portalApi } from './ask.ts'
import { useWork, type Work } from './useWork.ts'

export interface AccountState extends Work {
  /** Whose session this browser holds; null for nobody's, undefined until the server has said. */
  readonly signedIn: string | null | undefined
  /** Whether anybody can sign in here. */
  readonly isPossible: boolean
}

/** Who is signed in, and what that account asks of the server. */
export function useAccount(): AccountState {
  const [known, setKnown] = useState<Pick<AccountState, 'signedIn' | 'isPossible'>>({
    signedIn: undefined,
    isPossible: true,
  })
  const read = useCallback(async (): Promise<void> => {
    const api = await portalApi()
    const [{ signIn }, { address }] = await Promise.all([api.alerts.options.query(), api.session.current.query()])
    setKnown({ signedIn: address, isPossible: signIn })
  }, [])
  const { failed, ...work } = useWork(read)
  useEffect(() => {
    read().catch(failed)
  }, [read, failed])
  return { ...known, ...work }
}
