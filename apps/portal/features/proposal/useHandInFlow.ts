'use client'

import { useEffect, useRef, useState } from 'react'
import type { WriteFlowControls } from '#features/wallet/flow/useWriteFlow.ts'
import { type ContentFailure, handIn } from './contents.ts'

/** What is signed by its hash, to be handed in before. */
export interface Attachment {
  readonly hash: `0x${string}`
  readonly text: string
}

/** A write whose text is handed in before its words are shown: what is signed is there to be read. */
export function useHandInFlow(
  flow: WriteFlowControls,
  attachment: Attachment | undefined,
): { controls: WriteFlowControls; failure: ContentFailure | undefined } {
  const isHere = useRef(false)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  const [failure, setFailure] = useState<ContentFailure | undefined>(undefined)
  const review: WriteFlowControls['review'] = (session, call) => {
    setFailure(undefined)
    if (attachment === undefined) return flow.review(session, call)
    void handIn(attachment.hash, new Blob([attachment.text])).then((refused) => {
      if (!isHere.current) return
      if (refused === undefined) flow.review(session, call)
      else setFailure(refused)
    })
  }
  return { controls: { ...flow, review }, failure }
}
