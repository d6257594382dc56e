'use client'

import { useId, useState } from 'react'
import { Button } from '#ui/button.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Markdown } from './markdown.tsx'

export const FIELD = 'w-full rounded-lg border border-line-strong/60 bg-surface px-3 py-2'

interface MarkdownFieldProps {
  label: string
  value: string
  maxBytes: number
  rows: number
  onChange: (text: string) => void
}

/** A text in Markdown, written or looked at as it will be shown. */
export function MarkdownField({ label, value, maxBytes, rows, onChange }: MarkdownFieldProps) {
  const id = useId()
  const [preview, setPreview] = useState(false)
  const bytes = new TextEncoder().encode(value).length
  return (
    <div>
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={id} className="text-sm font-semibold">
          {label}
        </label>
        <Button size="small" onClick={() => setPreview(!preview)} aria-pressed={preview}>
          Preview
        </Button>
      </div>
      {preview && bytes <= maxBytes ? (
        <div className="mt-2 rounded-lg border border-line p-4">
          <Markdown text={value} />
        </div>
      ) : (
        <textarea
          id={id}
          rows={rows}
          className={`${FIELD} mt-1 font-mono text-sm`}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      <p className="mt-1 text-sm text-ink-3">{`${formatInteger(bytes)} of ${formatInteger(maxBytes)} bytes`}</p>
    </div>
  )
}
