'use client'

import type { AlertOptionsView, AlertsView } from '@aelf/governance/domain'
import { useCallback, useEffect, useState } from 'react'
import { portalApi } from '#features/session/ask.ts'
import { useWork, type Work } from '#features/session/useWork.ts'

export interface AlertsState extends Work {
  /** Undefined until the server has said. */
  readonly options: AlertOptionsView | undefined
  /** Whose session this browser holds; null for nobody's. */
  readonly signedIn: string | null | undefined
  readonly view: AlertsView | undefined
}

const EVERY_MS = 4_000

/** Everything about the alerts of whoever is signed in; messages are looked at again while they are on their way. */
export function useAlerts(): AlertsState {
  const [known, setKnown] = useState<Pick<AlertsState, 'options' | 'signedIn' | 'view'>>({
    options: undefined,
    signedIn: undefined,
    view: undefined,
  })
  const read = useCallback(async (): Promise<void> => {
    const api = await portalApi()
    const [options, { address }] = await Promise.all([api.alerts.options.query(), api.session.current.query()])
    const view = address === null ? undefined : await api.alerts.list.query()
    setKnown({ options, signedIn: address, view })
  }, [])
  const { failed, ...work } = useWork(read)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let gone = false
    const turn = async (): Promise<void> => {
      if (!document.hidden) await read().catch(failed)
      if (!gone) timer = setTimeout(() => void turn(), EVERY_MS)
    }
    void turn()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [read, failed])

  return { ...known, ...work }
}
