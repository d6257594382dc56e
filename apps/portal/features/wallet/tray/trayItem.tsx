'use client'

import { Check, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '#ui/button.tsx'
import { cn } from '#ui/cn.ts'
import { shorten } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { useWriteFlow } from '../flow/useWriteFlow.ts'
import { WritePanel } from '../flow/writePanel.tsx'
import { type CallRequest, loadWallet } from '../port.ts'
import {
  dropEnvelope,
  isSettled,
  removeEntry,
  restoreCall,
  TRAY_STAGES,
  type TrayEntry,
  type TrayStage,
  updateEntry,
} from './store.ts'

const TEXT: Record<TrayStage, string> = {
  signed: 'Signed',
  accepted: 'Accepted',
  included: 'In block',
  five: '5',
  fifteen: '15',
  irreversible: 'Irreversible',
}

export function TrayItem({ entry }: { entry: TrayEntry }) {
  const reached = TRAY_STAGES.indexOf(entry.stage)
  const lost = entry.outcome === 'expired' && entry.call !== undefined ? restoreCall(entry.call) : undefined
  return (
    <li className="px-4 py-3">
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 text-sm font-medium [overflow-wrap:anywhere]">
          {entry.id === undefined ? (
            entry.intent
          ) : (
            <Link href={`/explorer/txs/${entry.id}`} className="hover:underline">
              {entry.intent}
            </Link>
          )}
        </p>
        {isSettled(entry) ? (
          <button
            type="button"
            aria-label="Remove from the list"
            onClick={() => removeEntry(entry.key)}
            className="grid size-6 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink"
          >
            <X size={14} aria-hidden="true" />
          </button>
        ) : null}
      </div>
      {entry.outcome === undefined ? <Steps reached={reached} /> : null}
      <p
        className={cn(
          'mt-2 text-xs',
          entry.outcome === 'failed' ? 'text-bad' : entry.outcome === 'expired' ? 'text-warn' : 'text-ink-3',
        )}
      >
        {sentenceOf(entry)}
      </p>
      {entry.errorCode === undefined ? null : (
        <p className="mt-0.5 font-mono text-xs text-ink-3" translate="no">
          {entry.errorCode}
        </p>
      )}
      {entry.outcome === undefined && entry.stage === 'signed' && entry.envelope !== undefined ? (
        <Resend entry={entry} envelope={entry.envelope} />
      ) : null}
      {lost === undefined ? null : <SignAgain entry={entry} call={lost} />}
    </li>
  )
}

function Steps({ reached }: { reached: number }) {
  return (
    <ol className="mt-2.5 grid grid-cols-[1fr_1.3fr_1.2fr_0.6fr_0.6fr_1.5fr] gap-1" aria-label="Progress">
      {TRAY_STAGES.map((stage, index) => (
        <li key={stage} className="min-w-0 text-center">
          <span
            aria-hidden="true"
            className={cn(
              'mb-1 block h-1.5 rounded-full',
              index <= reached ? 'bg-brand' : index === reached + 1 ? 'live-dot bg-brand-line' : 'bg-line',
            )}
          />
          <span
            className={cn(
              'block truncate text-[0.6875rem] leading-tight tracking-tight',
              index <= reached ? 'text-ink-2' : 'text-ink-3',
            )}
          >
            {TEXT[stage]}
          </span>
          <span className="sr-only">{index <= reached ? 'reached' : 'not yet'}</span>
        </li>
      ))}
    </ol>
  )
}

function sentenceOf(entry: TrayEntry): string {
  if (entry.outcome === 'failed') return `The chain refused it; only the fee was charged. ${entry.errorHelp ?? ''}`
  if (entry.outcome === 'expired')
    return 'It expired before a producer included it. Nothing was charged; it can be rebuilt on a recent block and signed again.'
  if (entry.stage === 'signed') return 'Signed, but the node has not confirmed receiving it.'
  if (entry.stage === 'accepted') return 'The node holds it on disk; the next producer may include it.'
  const block = entry.height === undefined ? '' : `Block ${formatInteger(BigInt(entry.height))} · `
  if (entry.stage === 'irreversible') return `${block}two thirds of the producers have committed to it.`
  return `${block}${formatInteger(entry.confirmations ?? 0)} confirmations`
}

/** The same call on a fresh mark: reviewed and signed like any other, in the place of the expired one. */
function SignAgain({ entry, call }: { entry: TrayEntry; call: CallRequest }) {
  const controls = useWriteFlow()
  const { step } = controls.flow
  useEffect(() => {
    if (step === 'sent') removeEntry(entry.key)
  }, [step, entry.key])
  return (
    <div className="mt-3">
      <WritePanel
        controls={controls}
        call={call}
        actionText="Rebuild and sign again"
        onlyFrom={entry.from}
        onlyFromReason={`It was signed by ${shorten(entry.from)}. Switch to that account to sign it again.`}
      />
    </div>
  )
}

function Resend({ entry, envelope }: { entry: TrayEntry; envelope: `0x${string}` }) {
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const send = async () => {
    const port = await loadWallet()
    await port.resend(envelope).then(
      (id) => dropEnvelope(entry.key, id),
      (error: unknown) => {
        const failure = port.failureOf(error)
        if (failure.code === 'tx.markExpired') updateEntry(entry.key, { outcome: 'expired' })
        else setProblem(failure.title)
      },
    )
  }
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2">
      <Button size="small" onClick={() => void send()}>
        <Check size={14} aria-hidden="true" />
        <span>Send again</span>
      </Button>
      <Button size="small" kind="quiet" onClick={() => removeEntry(entry.key)}>
        Forget it
      </Button>
      {problem === undefined ? null : (
        <p role="alert" className="w-full text-xs text-bad">
          {problem}
        </p>
      )}
    </div>
  )
}
