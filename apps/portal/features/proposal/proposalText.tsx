'use client'

import { PROPOSAL_TEXT_MAX_BYTES } from '@aelf/governance/domain'
import { ShieldCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Notice, SkeletonRows } from '#ui/notice.tsx'
import { FailureNotice, HandIn, OtherContent } from './contentNotice.tsx'
import { type Fetched, fetchContent, textOf } from './contents.ts'
import { Markdown } from './markdown.tsx'

interface TextProps {
  hash: `0x${string}`
  kept: boolean
  /** As it is called in a sentence. */
  what: string
}

/** A text that the chain names: fetched, hashed in this browser, and only then shown. */
export function CheckedText({ hash, kept, what }: TextProps) {
  const [found, setFound] = useState<Fetched | undefined>(undefined)
  const [text, setText] = useState<string | undefined>(undefined)
  useEffect(() => {
    if (!kept || found !== undefined) return
    let current = true
    void fetchContent(hash).then((answer) => {
      if (current) setFound(answer)
    })
    return () => {
      current = false
    }
  }, [hash, kept, found])
  useEffect(() => {
    if (found?.kind === 'here') void textOf(found.blob).then(setText)
  }, [found])
  if (found === undefined) {
    if (kept) return <SkeletonRows rows={3} />
    return (
      <HandIn
        what={what}
        hash={hash}
        accept=".md,.txt,text/plain,text/markdown"
        maxBytes={PROPOSAL_TEXT_MAX_BYTES}
        hint="Choose or drop the .md file"
        onFile={(blob) => setFound({ kind: 'here', blob })}
      />
    )
  }
  if (found.kind === 'other') return <OtherContent what={what} />
  if (found.kind === 'failed') return <FailureNotice failure={found.failure} />
  if (text === undefined) return <Notice title="It is no UTF-8 text">Download it to look at its bytes.</Notice>
  return (
    <div>
      <CheckedHere what={what} />
      <div className="mt-3">
        <Markdown text={text} />
      </div>
    </div>
  )
}

/** Says who vouches for what is shown below it. */
export const CheckedHere = ({ what }: { what: string }) => (
  <p className="flex items-center gap-2 text-sm text-good">
    <ShieldCheck size={16} className="shrink-0" aria-hidden="true" />
    <span>{`Checked here: this is the ${what} that is named on the chain`}</span>
  </p>
)
