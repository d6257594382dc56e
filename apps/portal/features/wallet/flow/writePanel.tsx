'use client'

import { FileSignature, LoaderCircle } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from '#ui/button.tsx'
import { CopyButton } from '#ui/identity/copyButton.tsx'
import { Notice } from '#ui/notice.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import type { CallRequest, Prepared } from '../port.ts'
import { requestConnect, type Session, useSession } from '../session.ts'
import { Sent } from './sent.tsx'
import type { WriteFlowControls } from './useWriteFlow.ts'

interface WritePanelProps {
  controls: WriteFlowControls
  /** The call, or why there is none yet: the reason is shown beside the disabled button. */
  call: CallRequest | { readonly reason: string }
  actionText: string
  /** Account the call must come from, when only one may do it. */
  onlyFrom?: `0x${string}` | undefined
  /** What to say to any other account. */
  onlyFromReason?: string
  after?: ReactNode
  /** What the identifiers in the signed sentence stand for. */
  explain?: ReactNode
}

/** The end of every write: what is missing, the review of the exact words, the signature, and where to follow it. */
export function WritePanel(props: WritePanelProps) {
  const { controls, call, actionText, onlyFrom, after, explain } = props
  const session = useSession()
  const reasonId = useId()
  const { flow, reset } = controls
  // What was reviewed for one account is not signed, nor shown, for another.
  const stranger = flow.step === 'review' && flow.prepared.from !== session?.address
  useEffect(() => {
    if (stranger) reset()
  }, [stranger, reset])
  if (flow.step === 'sent')
    return <Sent id={flow.id} intent={flow.prepared.intent} onAgain={controls.reset} after={after} />
  if (flow.step === 'review' || flow.step === 'signing') {
    return (
      <Review
        explain={explain}
        prepared={flow.prepared}
        session={session}
        signing={flow.step === 'signing'}
        failure={flow.step === 'review' ? flow.failure : undefined}
        onSign={controls.sign}
        onBack={controls.reset}
      />
    )
  }
  if (session === undefined) {
    return (
      <div>
        <Button kind="primary" size="large" className="w-full" onClick={requestConnect}>
          Connect to continue
        </Button>
        <p className="mt-2 text-center text-sm text-ink-3">You see the exact words before anything is signed.</p>
      </div>
    )
  }
  const reason = blockedBecause(call, session, onlyFrom, props.onlyFromReason)
  return (
    <div>
      {flow.step === 'form' && flow.failure !== undefined ? (
        <Notice kind="error" className="mb-3" title={flow.failure.title} code={flow.failure.code}>
          {flow.failure.help}
        </Notice>
      ) : null}
      <Button
        kind="primary"
        size="large"
        className="w-full"
        disabled={reason !== undefined || flow.step === 'preparing'}
        aria-describedby={reason === undefined ? undefined : reasonId}
        onClick={() => {
          if ('method' in call) controls.review(session, call)
        }}
      >
        {flow.step === 'preparing' ? (
          <LoaderCircle size={18} className="animate-spin" aria-hidden="true" />
        ) : (
          <FileSignature size={18} aria-hidden="true" />
        )}
        <span>{flow.step === 'preparing' ? 'Asking the chain…' : actionText}</span>
      </Button>
      {reason === undefined ? null : (
        <p id={reasonId} role="status" className="mt-2 text-center text-sm text-ink-2">
          {reason}
        </p>
      )}
    </div>
  )
}

function blockedBecause(
  call: CallRequest | { readonly reason: string },
  session: Session,
  onlyFrom: string | undefined,
  onlyFromReason = 'Only the account that made this lock can do this. Switch the account to continue.',
): string | undefined {
  if (onlyFrom !== undefined && session.address !== onlyFrom) return onlyFromReason
  return 'reason' in call ? call.reason : undefined
}

interface ReviewProps {
  explain: ReactNode
  prepared: Prepared
  session: Session | undefined
  signing: boolean
  failure: { title: string; help: string; code: string } | undefined
  onSign: () => void
  onBack: () => void
}

function Review({ explain, prepared, session, signing, failure, onSign, onBack }: ReviewProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const titleId = useId()
  useEffect(() => heading.current?.focus(), [])
  return (
    <section aria-labelledby={titleId} className="appear">
      <h3 id={titleId} ref={heading} tabIndex={-1} className="text-sm font-semibold outline-none">
        You are about to sign
      </h3>
      <blockquote
        className="mt-2 rounded-xl border border-brand-line bg-brand-soft px-4 py-3 text-lg/7 font-medium [overflow-wrap:anywhere]"
        translate="no"
      >
        {prepared.intent}
      </blockquote>
      {explain === undefined ? null : <div className="mt-2 text-sm text-ink-2">{explain}</div>}
      <dl className="mt-3 space-y-1 text-sm">
        <Row label="From">
          <span className="font-mono text-xs break-all" translate="no">
            {prepared.from}
          </span>
        </Row>
        <Row label="Network">
          <span translate="no">{prepared.network}</span>
        </Row>
        <Row label="Fee">
          <span>
            <Amount units={prepared.fee} />
            <span className="text-ink-3">
              {', at most '}
              <Amount units={prepared.feeLimit} />
            </span>
          </span>
        </Row>
        <Row label="Valid until">
          <span className="num">{`block ${formatInteger(prepared.refHeight + 64n)}`}</span>
        </Row>
      </dl>
      <details className="mt-3 text-sm">
        <summary className="inline-flex min-h-6 items-center font-medium text-ink-2 hover:text-ink">
          Every signed field
        </summary>
        <dl className="mt-2 space-y-1.5 rounded-xl bg-sunken p-3">
          {prepared.fields.map((field) => (
            <div key={field.name} className="grid gap-x-3 sm:grid-cols-[7rem_1fr]">
              <dt className="font-mono text-xs text-ink-3" translate="no">
                {field.name}
              </dt>
              <dd className="font-mono text-xs break-all" translate="no">
                {field.value}
              </dd>
            </div>
          ))}
        </dl>
        <p className="mt-1 flex items-center gap-1 text-xs text-ink-3">
          <span>Mark and nonce are drawn fresh at the moment of signing.</span>
          <CopyButton value={prepared.typedDataJson} label="typed data" />
        </p>
      </details>
      {failure === undefined ? null : (
        <Notice kind="error" className="mt-3" title={failure.title} code={failure.code}>
          {failure.help}
        </Notice>
      )}
      <div className="mt-4 flex gap-2">
        <Button size="large" onClick={onBack} disabled={signing}>
          Back
        </Button>
        <Button kind="primary" size="large" className="min-w-0 flex-1 px-3" onClick={onSign} disabled={signing}>
          {signing ? (
            <LoaderCircle size={18} className="animate-spin" aria-hidden="true" />
          ) : (
            <FileSignature size={18} aria-hidden="true" />
          )}
          <span className="truncate">
            {signing
              ? 'Waiting for the signature…'
              : session?.kind === 'demo'
                ? `Sign as ${session.label}`
                : `Sign in ${session?.label ?? 'wallet'}`}
          </span>
        </Button>
      </div>
      {signing ? (
        <p role="status" className="mt-2 text-center text-sm text-ink-3">
          {session?.kind === 'demo'
            ? 'Signing…'
            : 'Compare the sentence above with the one in the wallet. No window? Look behind this one.'}
        </p>
      ) : null}
    </section>
  )
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="shrink-0 text-ink-3">{label}</dt>
      <dd className="min-w-0 text-end">{children}</dd>
    </div>
  )
}
