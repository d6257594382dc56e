'use client'

import { COMMENT_MAX_BYTES } from '@aelf/governance/domain'
import { useState } from 'react'
import { MarkdownField } from '#features/proposal/markdownField.tsx'
import { Button } from '#ui/button.tsx'

interface CommentFormProps {
  label: string
  verb: string
  initial?: string
  busy: boolean
  /** True when it was done. */
  onSend: (text: string) => Promise<boolean>
  /** Left out where the form stays. */
  onCancel?: () => void
}

export function CommentForm({ label, verb, initial = '', busy, onSend, onCancel }: CommentFormProps) {
  const [text, setText] = useState(initial)
  const bytes = new TextEncoder().encode(text).length
  const isReady = text.trim() !== '' && text !== initial && bytes <= COMMENT_MAX_BYTES
  const send = async (): Promise<void> => {
    if (await onSend(text)) setText(initial)
  }
  return (
    <div>
      <MarkdownField label={label} value={text} maxBytes={COMMENT_MAX_BYTES} rows={4} onChange={setText} />
      <div className="mt-2 flex flex-wrap gap-2">
        <Button kind="primary" size="small" disabled={busy || !isReady} onClick={() => void send()}>
          {verb}
        </Button>
        {onCancel === undefined ? null : (
          <Button kind="quiet" size="small" disabled={busy} onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </div>
  )
}
