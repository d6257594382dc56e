'use client'

import type { ArchiveCheckView } from '@aelf/governance/domain'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type ContentFailure, handIn } from './contents.ts'

export type CheckState =
  | { readonly step: 'idle' }
  | { readonly step: 'sending' | 'waiting' }
  | { readonly step: 'done'; readonly check: ArchiveCheckView }
  | { readonly step: 'failed'; readonly failure: ContentFailure }

const EVERY_MS = 1_500
/** As long as three attempts of the worker may take. */
const PATIENCE_MS = 300_000

const SLOW: ContentFailure = {
  title: 'The server has not looked at it yet.',
  help: 'Its worker may be busy or away; the status page tells. Try again later: it is asked for already.',
  code: 'check.waiting',
}

/** Hands an archive in and waits for the server's report on it. A later archive takes the place of an earlier one. */
export function useArchiveCheck(): { state: CheckState; start: (hash: `0x${string}`, archive: Blob) => void } {
  const [state, setState] = useState<CheckState>({ step: 'idle' })
  const turn = useRef(0)
  useEffect(
    () => () => {
      turn.current += 1
    },
    [],
  )
  const start = useCallback((hash: `0x${string}`, archive: Blob) => {
    turn.current += 1
    const mine = turn.current
    const show = (next: CheckState): void => {
      if (turn.current === mine) setState(next)
    }
    show({ step: 'sending' })
    void run({ hash, archive, show, isOver: () => turn.current !== mine }).catch(() =>
      show({
        step: 'failed',
        failure: { title: 'The portal does not answer.', help: 'Try again in a moment.', code: 'portal.unreachable' },
      }),
    )
  }, [])
  return { state, start }
}

interface Run {
  readonly hash: `0x${string}`
  readonly archive: Blob
  readonly show: (state: CheckState) => void
  readonly isOver: () => boolean
}

async function run({ hash, archive, show, isOver }: Run): Promise<void> {
  const failure = await handIn(hash, archive)
  if (failure !== undefined) return show({ step: 'failed', failure })
  const { trpc } = await import('#features/live/trpc.ts')
  await trpc.proposal.askForCheck.mutate({ archiveHash: hash })
  show({ step: 'waiting' })
  for (const end = Date.now() + PATIENCE_MS; !isOver(); ) {
    const { check } = await trpc.proposal.check.query({ archiveHash: hash })
    if (check?.report !== undefined) return show({ step: 'done', check })
    if (Date.now() > end) return show({ step: 'failed', failure: SLOW })
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
  }
}
