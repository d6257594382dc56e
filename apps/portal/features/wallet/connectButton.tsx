'use client'

import { ChevronDown, Wallet } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import { Button } from '#ui/button.tsx'
import { shorten } from '#ui/identity/hash.tsx'
import { Identicon } from '#ui/identity/identicon.tsx'
import { onConnectRequest, useSession } from './session.ts'

const ConnectDialog = dynamic(() => import('./connectDialog.tsx').then((module) => module.ConnectDialog), {
  ssr: false,
})

/** Connect, or the connected account. Wallet code is fetched when this is pressed, never before. */
export function ConnectButton() {
  const session = useSession()
  const [open, setOpen] = useState(false)
  useEffect(() => onConnectRequest(() => setOpen(true)), [])
  return (
    <>
      {session === undefined ? (
        <Button kind="primary" onClick={() => setOpen(true)} aria-haspopup="dialog" className="px-3.5">
          <Wallet size={17} aria-hidden="true" />
          <span>Connect</span>
        </Button>
      ) : (
        <Button
          onClick={() => setOpen(true)}
          aria-haspopup="dialog"
          className="max-w-48 px-2.5"
          aria-label={`Account ${session.label}, ${session.address}`}
        >
          <Identicon address={session.address} size={22} />
          <span className="hidden truncate text-sm xs:inline" translate="no">
            {session.kind === 'demo' ? session.label : shorten(session.address)}
          </span>
          <ChevronDown size={15} className="text-ink-3" aria-hidden="true" />
        </Button>
      )}
      {open ? <ConnectDialog open={open} onOpenChange={setOpen} /> : null}
    </>
  )
}
