import type { ReactNode } from 'react'
import { ExplorerTabs } from '#features/explorer/tabs.tsx'

export default function ExplorerLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <ExplorerTabs />
      {children}
    </>
  )
}
