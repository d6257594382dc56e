'use client'

import { useState } from 'react'
import { Notice } from '#ui/notice.tsx'
import { type ContentFailure, handIn } from './contents.ts'
import { FileField } from './fileField.tsx'
import { sha256 } from './sha256.ts'

export const FailureNotice = ({ failure, className }: { failure: ContentFailure; className?: string }) => (
  <Notice kind="error" title={failure.title} code={failure.code} className={className}>
    {failure.help}
  </Notice>
)

/** The server gave something else than the chain names. */
export const OtherContent = ({ what }: { what: string }) => (
  <Notice kind="error" title={`The portal gave another ${what} than the one that is named on the chain`}>
    Its SHA-256 differs, so it is not shown. Do not choose by what this portal serves.
  </Notice>
)

interface HandInProps {
  what: string
  hash: `0x${string}`
  accept: string
  maxBytes: number
  hint: string
  onFile: (file: Blob) => void
}

/** Nobody has handed it in: whoever has the file can, and its hash proves that it is the one. */
export function HandIn({ what, hash, accept, maxBytes, hint, onFile }: HandInProps) {
  const [refused, setRefused] = useState<ContentFailure | undefined>(undefined)
  const take = async (file: File): Promise<void> => {
    setRefused(undefined)
    if (file.size > maxBytes)
      return setRefused({
        title: 'This file is too large.',
        help: `At most ${maxBytes} bytes.`,
        code: 'content.tooLarge',
      })
    const found = await sha256(await file.arrayBuffer())
    if (found !== hash)
      return setRefused({
        title: `This is not the ${what} that is named on the chain.`,
        help: 'Its SHA-256 differs. Do not choose by it.',
        code: found,
      })
    onFile(file)
    setRefused(await handIn(hash, file))
  }
  return (
    <div>
      <Notice kind="warn" title={`The ${what} is not kept here`}>
        Nobody has handed it in, or it was lost. Whoever has the file can hand it in: its SHA-256 proves that it is the
        one.
      </Notice>
      <div className="mt-3">
        <FileField label={`Hand in the ${what}`} hint={hint} accept={accept} onFile={(file) => void take(file)} />
      </div>
      <div aria-live="polite">
        {refused === undefined ? null : <FailureNotice failure={refused} className="mt-3" />}
      </div>
    </div>
  )
}
