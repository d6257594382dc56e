'use client'

import { requestConnect, useSession } from '#features/wallet/session.ts'
import { Button } from '#ui/button.tsx'
import { shorten } from '#ui/identity/hash.tsx'
import { Identicon } from '#ui/identity/identicon.tsx'
import { Notice } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'
import type { NodeFailure } from './runtime.ts'
import type { NodeConsole } from './useNodeConsole.ts'

/** Step two: show the node that it is you. The text is read here before the wallet sees it. */
export function PairPanel({ console }: { console: NodeConsole }) {
  const session = useSession()
  const { stage } = console
  return (
    <Panel id="pair" title="2 · Show that it is you" note="A signed text, no transaction and no fee">
      {stage.step === 'found' && stage.failure !== undefined ? <PairFailure failure={stage.failure} /> : null}
      {stage.step === 'review' || stage.step === 'signing' ? (
        <Review console={console} stage={stage} label={session?.label ?? ''} />
      ) : session === undefined ? (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="max-w-[44ch] text-sm text-ink-2">
            Connect the account of the delegate, or one that the node’s rpc.operators names.
          </p>
          <Button onClick={requestConnect}>Connect</Button>
        </div>
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="flex min-w-0 items-center gap-2 text-sm">
            <Identicon address={session.address} size={26} />
            <span className="min-w-0">
              <span className="block truncate font-medium" translate="no">
                {session.label}
              </span>
              <span className="font-mono text-xs text-ink-3" translate="no">
                {shorten(session.address)}
              </span>
            </span>
          </p>
          <Button kind="primary" disabled={stage.step !== 'found'} onClick={() => void console.ask()}>
            Pair with this account
          </Button>
          {stage.step === 'found' ? null : (
            <p className="w-full text-sm text-ink-3">Possible as soon as the node is reached.</p>
          )}
        </div>
      )}
    </Panel>
  )
}

function PairFailure({ failure }: { failure: NodeFailure }) {
  if (failure.kind === 'expired')
    return (
      <Notice kind="warn" className="mb-4" title="The pairing has ended" code={failure.code}>
        Pairings last twelve hours and end when the node starts again. Pair once more.
      </Notice>
    )
  if (failure.kind === 'refused')
    return (
      <Notice kind="error" className="mb-4" title="This account is not an operator of this node" code={failure.code}>
        Connect the delegate’s own account, or add this one to rpc.operators in aelf.yaml and start the node again.
      </Notice>
    )
  return (
    <Notice kind="error" className="mb-4" title={failure.title} code={failure.code}>
      {failure.help}
    </Notice>
  )
}

function Review({
  console,
  stage,
  label,
}: {
  console: NodeConsole
  stage: Extract<NodeConsole['stage'], { step: 'review' | 'signing' }>
  label: string
}) {
  const busy = stage.step === 'signing'
  return (
    <div>
      <h3 className="text-sm font-medium">You are about to sign</h3>
      <blockquote
        className="mt-2 rounded-lg border border-line bg-sunken px-4 py-3 font-mono text-xs/5 break-words whitespace-pre-wrap"
        translate="no"
      >
        {stage.challenge.message}
      </blockquote>
      <p className="mt-2 text-sm text-ink-3">
        <span>It lets this tab look at the node and nothing else. Valid until </span>
        <Time at={stage.challenge.expiresAtMs} mode="absolute" />
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button kind="primary" disabled={busy} onClick={() => void console.sign()}>
          {busy ? 'Waiting for the wallet…' : `Sign in ${label}`}
        </Button>
        <Button kind="quiet" disabled={busy} onClick={() => void console.reach(stage.url)}>
          Cancel
        </Button>
      </div>
    </div>
  )
}
