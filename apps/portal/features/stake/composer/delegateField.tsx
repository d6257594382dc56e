'use client'

import type { RankingEntryView } from '@aelf/governance/domain'
import { ChevronDown } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { shorten } from '#ui/identity/hash.tsx'
import { Identicon } from '#ui/identity/identicon.tsx'
import { Weight } from '#ui/number/amount.tsx'

const DelegateList = dynamic(() => import('./delegateList.tsx').then((module) => module.DelegateList), { ssr: false })

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

export function DelegateLine({ entry }: { entry: RankingEntryView }) {
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
