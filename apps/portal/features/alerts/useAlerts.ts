'use client'

import type { AlertOptionsView, AlertsView } from '@aelf/governance/domain'
import { useCallback, useEffect, useState } from 'react'
import { type ApiFailure, failureOf, type PortalApi, portalApi } from '#features/session/ask.ts'

export interface AlertsState {
  /** Undefined until the server has said. */
  readonly options: AlertOptionsView | undefined
  /** Whose session this browser holds; null for nobody's. */
  readonly signedIn: string | null | undefined
  readonly view: AlertsView | undefined
  readonly failure: ApiFailure | undefined
  /** Asks the server for something, then reads everything again. True when it was done. */
  readonly act: (work: (api: PortalApi) => Promise<unknown>) => Promise<boolean>
  readonly busy: boolean
}

const EVERY_MS = 4_000

/** Everything about the alerts of whoever is signed in; messages are looked at again while they are on their way. */
export function useAlerts(): AlertsState {
  const [known, setKnown] = useState<Pick<AlertsState, 'options' | 'signedIn' | 'view'>>({
    options: undefined,
    signedIn: undefined,
    view: undefined,
  })
  const [failure, setFailure] = useState<ApiFailure | undefined>(undefined)
  const [busy, setBusy] = useState(false)

  const read = useCallback(async (): Promise<void> => {
    const api = await portalApi()
    const [options, { address }] = await Promise.all([api.alerts.options.query(), api.session.current.query()])
    const view = address === null ? undefined : await api.alerts.list.query()
    setKnown({ options, signedIn: address, view })
  }, [])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let gone = false
    const turn = async (): Promise<void> => {
      if (!document.hidden) {
        await read().then(
          () => undefined,
          (error: unknown) => setFailure(failureOf(error)),
        )
      }
      if (!gone) timer = setTimeout(() => void turn(), EVERY_MS)
    }
    void turn()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [read])

  const act = useCallback(
    async (work: (api: PortalApi) => Promise<unknown>): Promise<boolean> => {
      setBusy(true)
      setFailure(undefined)
      try {
        await work(await portalApi())
        await read()
        return true
      } catch (error) {
        setFailure(failureOf(error))
        return false
      } finally {
        setBusy(false)
      }
    },
    [read],
  )
  return { ...known, failure, act, busy }
}
