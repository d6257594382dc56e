'use client'

import type { RankingEntryView } from '@aelf/governance/domain'
import { Check, Search } from 'lucide-react'
import { useState } from 'react'
import { cn } from '#ui/cn.ts'
import { Dialog } from '#ui/dialog.tsx'
import { DelegateLine } from './delegateField.tsx'

/** The searchable list behind the delegate field; fetched when it is first opened. */
export function DelegateList({
  entries,
  value,
  onClose,
  onChoose,
}: {
  entries: readonly RankingEntryView[]
  value: string | undefined
  onClose: () => void
  onChoose: (address: RankingEntryView['address']) => void
}) {
  const [text, setText] = useState('')
  const needle = text.trim().toLowerCase()
  const shown = entries.filter((entry) => entry.name.toLowerCase().includes(needle) || entry.address.includes(needle))
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title="Choose a delegate"
    >
      <div className="sticky top-0 z-10 bg-surface px-5 pb-3">
        <div className="relative">
          <Search
            size={16}
            className="pointer-events-none absolute inset-s-3 top-1/2 -translate-y-1/2 text-ink-3"
            aria-hidden="true"
          />
          <input
            value={text}
            onChange={(event) => setText(event.target.value)}
            type="search"
            aria-label="Find a delegate"
            placeholder="Name or address"
            className="h-10 w-full rounded-lg border border-line-strong/60 bg-ground ps-9 pe-3 text-sm placeholder:text-ink-3"
          />
        </div>
      </div>
      <ul className="px-3 pb-5" aria-label="Delegates">
        {shown.map((entry) => (
          <li key={entry.address}>
            <button
              type="button"
              onClick={() => onChoose(entry.address)}
              aria-pressed={entry.address === value}
              className={cn(
                'flex min-h-13 w-full items-center gap-3 rounded-lg px-3 py-1.5 text-start hover:bg-sunken',
                entry.address === value && 'bg-brand-soft',
              )}
            >
              <DelegateLine entry={entry} />
              {entry.address === value ? <Check size={17} className="text-brand" aria-hidden="true" /> : null}
            </button>
          </li>
        ))}
      </ul>
      <p role="status" className="px-5 pb-5 text-sm text-ink-3 empty:hidden">
        {shown.length === 0 ? 'No delegate matches.' : ''}
      </p>
    </Dialog>
  )
}
