'use client'

import type { TransactionView } from '@aelf/governance/domain'
import { TRPCClientError } from '@trpc/client'
import { ChevronDown, ListChecks } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { useLive } from '#features/live/provider.tsx'
import { cn } from '#ui/cn.ts'
import { isSettled, TRAY_STAGES, type TrayEntry, type TrayStage, updateEntry, useTray } from './store.ts'
import { TrayItem } from './trayItem.tsx'

const POLL_MS = 1500
/** Blocks after its mark in which a transaction can be included. */
const MARK_BLOCKS = 64n

/** The reader's transactions and how far each has come; nothing is called done before it is in a block. */
export function Tray() {
  const entries = useTray()
  const [open, setOpen] = useState(false)
  const spoken = useProgress(entries)
  if (entries.length === 0) return null
  const waiting = entries.filter((entry) => !isSettled(entry)).length
  return (
    <aside
      aria-label="Your transactions"
      className="fixed inset-x-3 bottom-[calc(4.25rem+env(safe-area-inset-bottom))] z-30 flex flex-col items-end no-print sm:inset-x-auto sm:end-6 rail:bottom-6"
    >
      <p role="status" className="sr-only">
        {spoken}
      </p>
      {open ? (
        <div id="tray-list" className="panel appear mb-2 max-h-[60dvh] w-full overflow-y-auto shadow-pop sm:w-96">
          <h2 className="border-b border-line px-4 py-3 text-sm font-semibold">Your transactions</h2>
          <ul className="divide-y divide-line">
            {entries.map((entry) => (
              <TrayItem key={entry.key} entry={entry} />
            ))}
          </ul>
        </div>
      ) : null}
      <button
        type="button"
        aria-expanded={open}
        aria-controls="tray-list"
        onClick={() => setOpen(!open)}
        className="flex h-11 items-center gap-2.5 rounded-full border border-line bg-surface px-4 text-sm font-medium shadow-pop hover:bg-sunken"
      >
        {waiting > 0 ? (
          <span aria-hidden="true" className="live-dot size-2.5 rounded-full bg-brand" />
        ) : (
          <ListChecks size={17} className="text-good" aria-hidden="true" />
        )}
        <span>{waiting > 0 ? `${waiting} in progress` : 'Transactions'}</span>
        <ChevronDown
          size={16}
          aria-hidden="true"
          className={cn('text-ink-3 transition-transform', !open && 'rotate-180')}
        />
      </button>
    </aside>
  )
}

const SPOKEN: Record<TrayStage, string> = {
  signed: 'signed',
  accepted: 'accepted by the node',
  included: 'in a block',
  five: 'five confirmations',
  fifteen: 'fifteen confirmations',
  irreversible: 'irreversible',
}

/** Follows unsettled transactions through the API and says each step once. */
function useProgress(entries: readonly TrayEntry[]): string {
  const { event } = useLive()
  const router = useRouter()
  const [spoken, setSpoken] = useState('')
  const latest = useRef(entries)
  latest.current = entries
  const height = useRef(event?.head.height)
  height.current = event?.head.height
  const pending = entries.some((entry) => !isSettled(entry) && entry.id !== undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new head asks at once, between the regular looks
  useEffect(() => {
    if (!pending) return
    let gone = false
    const look = async () => {
      const { trpc } = await import('#features/live/trpc.ts')
      for (const entry of latest.current) {
        if (gone || isSettled(entry) || entry.id === undefined) continue
        const view = await trpc.transaction.get.query({ id: entry.id }).catch((error: unknown) => missingOf(error))
        if (view === undefined || gone) continue
        const change = view === 'missing' ? expiryOf(entry, height.current) : progressOf(entry, view)
        if (change === undefined) continue
        updateEntry(entry.key, change)
        setSpoken(`${entry.intent}: ${change.outcome ?? SPOKEN[change.stage ?? entry.stage]}`)
        if (change.stage === 'included' || change.outcome !== undefined) router.refresh()
      }
    }
    void look()
    const timer = setInterval(() => void look(), POLL_MS)
    return () => {
      gone = true
      clearInterval(timer)
    }
  }, [pending, event?.head.height, router])
  return spoken
}

/** `missing` when the API answered that neither the index nor the node knows it; a failed request says nothing. */
function missingOf(error: unknown): 'missing' | undefined {
  const isMissing =
    error instanceof TRPCClientError && (error.data as { code?: unknown } | undefined)?.code === 'NOT_FOUND'
  return isMissing ? 'missing' : undefined
}

/** A node forgets what expired after a while; a mark that is too old for the next block says the same. */
function expiryOf(entry: TrayEntry, height: bigint | undefined): Partial<TrayEntry> | undefined {
  if (height === undefined || entry.refHeight === undefined) return undefined
  return height >= BigInt(entry.refHeight) + MARK_BLOCKS ? { outcome: 'expired' } : undefined
}

/** What changed for an entry, or undefined; an unknown answer is not a step back, the index may be a moment behind. */
function progressOf(entry: TrayEntry, view: TransactionView): Partial<TrayEntry> | undefined {
  if (view.status === 'expired') return { outcome: 'expired' }
  // Waiting again after it was in a block: that block was taken back.
  if (view.status === 'pending' && TRAY_STAGES.indexOf(entry.stage) > TRAY_STAGES.indexOf('accepted'))
    return { stage: 'accepted', confirmations: 0 }
  if (view.height === undefined) return undefined
  const stage: TrayStage = view.milestones.irreversible
    ? 'irreversible'
    : view.milestones.fifteen
      ? 'fifteen'
      : view.milestones.five
        ? 'five'
        : 'included'
  const failed: Partial<TrayEntry> =
    view.status === 'failed'
      ? {
          outcome: 'failed',
          errorCode: view.error?.code ?? view.errorCode ?? 'tx.failed',
          errorHelp: view.error?.help ?? '',
        }
      : {}
  if (stage === entry.stage && view.confirmations === entry.confirmations && failed.outcome === entry.outcome)
    return undefined
  return { stage, height: view.height.toString(), confirmations: view.confirmations, ...failed }
}
