'use client'

import { Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'

const Palette = dynamic(() => import('./palette.tsx').then((module) => module.Palette), { ssr: false })

/** Opens the command palette, by press or by ⌘K / Ctrl K / slash. Its code arrives with the first use. */
export function SearchButton() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement &&
        (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName))
      if ((event.key === 'k' && (event.metaKey || event.ctrlKey)) || (event.key === '/' && !typing)) {
        event.preventDefault()
        setOpen(true)
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        aria-keyshortcuts="Meta+K Control+K"
        className="flex h-10 items-center gap-2.5 rounded-lg border border-line bg-surface px-3 text-sm text-ink-3 transition-colors hover:border-line-strong hover:text-ink sm:w-80"
      >
        <Search size={16} aria-hidden="true" />
        <span className="sr-only whitespace-nowrap sm:not-sr-only">Search blocks, accounts, names</span>
        <span
          aria-hidden="true"
          className="ms-auto hidden rounded border border-line bg-sunken px-1.5 font-sans text-[0.6875rem] sm:block"
        >
          ⌘K
        </span>
      </button>
      {open ? <Palette open={open} onOpenChange={setOpen} /> : null}
    </>
  )
}
