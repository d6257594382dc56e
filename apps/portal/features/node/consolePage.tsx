'use client'

import dynamic from 'next/dynamic'
import { useSyncExternalStore } from 'react'
import { SkeletonRows } from '#ui/notice.tsx'
import { AddressPanel } from './addressPanel.tsx'
import { PairPanel } from './pairPanel.tsx'
import { useNodeConsole } from './useNodeConsole.ts'

/** Fetched when a node is paired: whoever only looks in pays nothing for it. */
const Dashboard = dynamic(() => import('./dashboard.tsx').then((module) => module.Dashboard), {
  ssr: false,
  loading: () => <Waiting />,
})

const never = () => () => undefined
/** The page may call nodes elsewhere only when the document itself was loaded as this page: the policy comes with the document. */
const isOwnDocument = (): boolean => {
  const [entry] = performance.getEntriesByType('navigation')
  return entry === undefined || new URL(entry.name).pathname === window.location.pathname
}

interface Props {
  readonly genesisHash: `0x${string}` | undefined
  readonly network: string | undefined
  /** The node of a development network, which is on the reader's own machine. */
  readonly suggested: string | undefined
}

export function NodeConsolePage(props: Props) {
  const ready = useSyncExternalStore(never, isOwnDocument, () => undefined)
  if (ready === undefined) return <Waiting />
  if (!ready) {
    window.location.reload()
    return <Waiting />
  }
  return <NodeConsole {...props} />
}

const Waiting = () => (
  <div className="panel">
    <SkeletonRows rows={4} />
  </div>
)

function NodeConsole({ genesisHash, network, suggested }: Props) {
  const console = useNodeConsole(genesisHash)
  const { stage } = console
  if (stage.step === 'paired') return <Dashboard console={console} stage={stage} />
  return (
    <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
      <AddressPanel console={console} network={network} suggested={suggested} />
      <PairPanel console={console} />
    </div>
  )
}
