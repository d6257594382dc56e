'use client'

import type { RankingEntryView } from '@aelf/governance/domain'
import { Check, ChevronDown, Search } from 'lucide-react'
import { useState } from 'react'
import { cn } from '#ui/cn.ts'
import { Dialog } from '#ui/dialog.tsx'
import { shorten } from '#ui/identity/hash.tsx'
import { Identicon } from '#ui/identity/identicon.tsx'
import { Weight } from '#ui/number/amount.tsx'

interface DelegateFieldProps {
  entries: readonly RankingEntryView[]
  value: string | undefined
  onChange: (address: RankingEntryView['address']) => void
  exclude?: string | undefined
  labelledBy: string
}

/** Whom to vote for: a button that shows the choice and opens a searchable list. */
export function DelegateField({ entries, value, onChange, exclude, labelledBy }: DelegateFieldProps) {
  const [open, setOpen] = useState(false)
  const chosen = entries.find((entry) => entry.address === value)
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-labelledby={`${labelledBy} delegate-choice`}
        onClick={() => setOpen(true)}
        className="flex min-h-14 w-full items-center gap-3 rounded-xl border border-line-strong/60 bg-surface px-4 py-2 text-start transition-colors hover:border-line-strong"
      >
        <span id="delegate-choice" className="flex min-w-0 flex-1 items-center gap-3">
          {chosen === undefined ? (
            <span className="text-ink-3">Choose a delegate</span>
          ) : (
            <DelegateLine entry={chosen} />
          )}
        </span>
        <ChevronDown size={18} className="shrink-0 text-ink-3" aria-hidden="true" />
      </button>
      {open ? (
        <DelegateList
          entries={entries.filter((entry) => entry.address !== exclude)}
          value={value}
          onClose={() => setOpen(false)}
          onChoose={(address) => {
            onChange(address)
            setOpen(false)
          }}
        />
      ) : null}
    </>
  )
}

function DelegateLine({ entry }: { entry: RankingEntryView }) {
  return (
    <>
      <Identicon address={entry.address} size={30} />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium" translate="no">
          {entry.name === '' ? shorten(entry.address) : entry.name}
        </span>
        <span className="num block text-xs text-ink-3">
          <span>{`Rank ${entry.rank} · `}</span>
          <Weight units={entry.weight} />
          <span>{entry.isElected ? ' votes · elected' : ' votes · below the cut-line'}</span>
        </span>
      </span>
    </>
  )
}

function DelegateList({
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
