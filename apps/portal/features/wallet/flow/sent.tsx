'use client'

import { CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from '#ui/link.tsx'
import type { WriteFlow } from './useWriteFlow.ts'

interface SentProps {
  id: `0x${string}`
  intent: string
  /** Absent when nothing of the kind is left to do. */
  onAgain?: () => void
  after?: ReactNode
}

/** What was signed, and where to follow it. */
export function Sent({ id, intent, onAgain, after }: SentProps) {
  return (
    <div role="status" className="appear rounded-xl border border-brand-line bg-brand-soft p-4">
      <p className="flex items-center gap-2 font-semibold">
        <CircleCheck size={19} className="text-brand" aria-hidden="true" />
        <span>The node has it</span>
      </p>
      <p className="mt-1 text-sm text-ink-2 [overflow-wrap:anywhere]" translate="no">
        {intent}
      </p>
      <p className="mt-2 text-sm text-ink-2">
        It counts once it is in a block. The tray shows every step; you may leave this page.
      </p>
      <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <Link href={`/explorer/txs/${id}`} className="link text-sm">
          Follow the transaction
        </Link>
        {after}
        {onAgain === undefined ? null : (
          <button type="button" onClick={onAgain} className="min-h-6 text-sm font-medium text-ink-2 hover:text-ink">
            Make another
          </button>
        )}
      </div>
    </div>
  )
}

/** In the place of a form that has nothing left to sign: why, and what its reader has just signed in it. */
export function NothingLeft({ flow, children }: { flow: WriteFlow; children: ReactNode }) {
  return (
    <>
      <p className="text-sm text-ink-2">{children}</p>
      {flow.step === 'sent' ? (
        <div className="mt-4">
          <Sent id={flow.id} intent={flow.prepared.intent} />
        </div>
      ) : null}
    </>
  )
}
