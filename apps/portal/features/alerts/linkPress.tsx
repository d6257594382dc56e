'use client'

import { useState } from 'react'
import { Button } from '#ui/button.tsx'
import { Notice } from '#ui/notice.tsx'

const WORDS = {
  confirm: {
    button: 'Confirm this address',
    done: 'The address is confirmed. Alerts go there from now on.',
    failed: 'This link was used before, or is older than a day. Add the address again to get another one.',
  },
  stop: {
    button: 'Send nothing more',
    done: 'Nothing more is sent to this mailbox.',
    failed: 'This link is not valid any more.',
  },
} as const

type State = 'ready' | 'busy' | 'done' | 'failed' | 'unreachable'

/** Does what a link of a mail is for, when a person presses it: following the link alone changes nothing. */
export function LinkPress({ action, channel, token }: { action: keyof typeof WORDS; channel: string; token: string }) {
  const [state, setState] = useState<State>('ready')
  const words = WORDS[action]
  const press = async (): Promise<void> => {
    setState('busy')
    try {
      const { trpc } = await import('#features/live/trpc.ts')
      const { done } = await trpc.alerts[action].mutate({ channel, token })
      setState(done ? 'done' : 'failed')
    } catch (error) {
      setState(isRefusal(error) ? 'failed' : 'unreachable')
    }
  }
  if (state === 'done') return <Notice title={words.done} />
  return (
    <div className="panel space-y-4 p-5">
      {state === 'failed' ? <Notice kind="error" title={words.failed} /> : null}
      {state === 'unreachable' ? (
        <Notice kind="error" title="The server did not answer. Try again in a moment." />
      ) : null}
      <Button kind="primary" disabled={state === 'busy' || state === 'failed'} onClick={() => void press()}>
        {state === 'busy' ? 'One moment…' : words.button}
      </Button>
    </div>
  )
}

const isRefusal = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'data' in error &&
  typeof error.data === 'object' &&
  error.data !== null
