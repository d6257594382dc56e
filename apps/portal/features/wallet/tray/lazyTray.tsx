'use client'

import dynamic from 'next/dynamic'
import { useTray } from './store.ts'

const Tray = dynamic(() => import('./tray.tsx').then((module) => module.Tray), { ssr: false })

/** Costs nothing until there is something to show. */
export function LazyTray() {
  return useTray().length === 0 ? null : <Tray />
}
