'use client'

import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { cn } from '#ui/cn.ts'

/** Copies a value and says so for a moment, to sighted and screen-reader users alike. */
export function CopyButton({
  value,
  label,
  className,
}: {
  value: string
  label: string
  className?: string | undefined
}) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1600)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    void navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  }
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={copied ? `Copied ${label}` : `Copy ${label}`}
      className={cn(
        'inline-grid size-6 shrink-0 place-items-center rounded-md text-ink-3 transition-colors hover:bg-sunken hover:text-ink',
        className,
      )}
    >
      {copied ? <Check size={14} className="text-good" aria-hidden="true" /> : <Copy size={13} aria-hidden="true" />}
    </button>
  )
}
