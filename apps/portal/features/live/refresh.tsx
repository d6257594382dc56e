'use client'

import type { LiveEvent } from '@aelf/governance/domain'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { useLive } from './provider.tsx'

/** Renders the page again on the server when the named parts of the chain move; never faster than `everyMs`, never in a hidden tab. */
export function LiveRefresh({ on, everyMs = 3000 }: { on: readonly LiveEvent['changed'][number][]; everyMs?: number }) {
  const { event } = useLive()
  const router = useRouter()
  const last = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (
      event === undefined ||
      !event.changed.some((part) => on.includes(part)) ||
      document.hidden ||
      timer.current !== undefined
    )
      return
    const wait = Math.max(0, last.current + everyMs - Date.now())
    timer.current = setTimeout(() => {
      timer.current = undefined
      last.current = Date.now()
      router.refresh()
    }, wait)
  }, [event, on, everyMs, router])
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [],
  )
  return null
}
