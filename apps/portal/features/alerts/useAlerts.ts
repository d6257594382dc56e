'use client'

import type { AlertOptionsView, AlertsView } from '@aelf/governance/domain'
import { useCallback, useEffect, useState } from 'react'
import type { trpc } from '#features/live/trpc.ts'

export type AlertsApi = typeof trpc

/** What went wrong, in words of the server. */
export interface AlertsFailure {
  readonly title: string
  readonly help: string
  readonly code: string
}

export interface AlertsState {
  /** Undefined until the server has said. */
  readonly options: AlertOptionsView | undefined
  /** Whose session this browser holds; null for nobody's. */
  readonly signedIn: string | null | undefined
  readonly view: AlertsView | undefined
  readonly failure: AlertsFailure | undefined
  /** Asks the server for something, then reads everything again. True when it was done. */
  readonly act: (work: (api: AlertsApi) => Promise<unknown>) => Promise<boolean>
  readonly busy: boolean
}

const EVERY_MS = 4_000

export async function alertsApi(): Promise<AlertsApi> {
  return (await import('#features/live/trpc.ts')).trpc
}

export function failureOf(error: unknown): AlertsFailure {
  const message = error instanceof Error ? error.message : 'The server did not answer'
  const data =
    typeof error === 'object' && error !== null && 'data' in error
      ? (error.data as Record<string, unknown> | null)
      : null
  const reason = typeof data?.['reason'] === 'string' ? data['reason'] : 'portal.unreachable'
  const help = typeof data?.['help'] === 'string' ? data['help'] : data === null ? 'Try again in a moment.' : ''
  return { title: `${message.replace(/\.$/, '')}.`, help, code: reason }
}

/** Everything about the alerts of whoever is signed in; messages are looked at again while they are on their way. */
export function useAlerts(): AlertsState {
  const [known, setKnown] = useState<Pick<AlertsState, 'options' | 'signedIn' | 'view'>>({
    options: undefined,
    signedIn: undefined,
    view: undefined,
  })
  const [failure, setFailure] = useState<AlertsFailure | undefined>(undefined)
  const [busy, setBusy] = useState(false)

  const read = useCallback(async (): Promise<void> => {
    const api = await alertsApi()
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
    async (work: (api: AlertsApi) => Promise<unknown>): Promise<boolean> => {
      setBusy(true)
      setFailure(undefined)
      try {
        await work(await alertsApi())
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
