'use client'

import { BadgeCheck, CircleDashed, Hourglass, type LucideIcon, TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { cn } from '#ui/cn.ts'
import type { ProofRequest } from './request.ts'
import { textOfFact } from './text.ts'
import { type ProofState, useProver } from './useProof.ts'

const ProofPanel = lazy(() => import('./panel.tsx').then((module) => ({ default: module.ProofPanel })))

/** A fact’s seal that can be pressed: from “prove” to “verified here”, or to “conflict” with what the chain proves. */
export function Prove({ request, className }: { request: ProofRequest; className?: string | undefined }) {
  // Another figure is another fact: what was verified before says nothing about it.
  return <ProveFact key={JSON.stringify([request.subject, request.said])} request={request} className={className} />
}

function ProveFact({ request, className }: { request: ProofRequest; className: string | undefined }) {
  const { proof, prove, stop } = useProver()
  const [open, setOpen] = useState(false)
  const { Icon, text, tone } = lookOf(proof)
  const show = () => {
    setOpen(true)
    if (proof.state !== 'settled') prove(request)
  }
  const close = () => {
    setOpen(false)
    stop()
  }
  return (
    <>
      <button
        type="button"
        onClick={show}
        aria-haspopup="dialog"
        aria-label={`${text}: ${request.label}`}
        className={cn(
          'inline-flex min-h-6 items-center gap-1 rounded-md text-start align-middle text-xs font-medium whitespace-nowrap underline-offset-2 hover:underline no-print',
          tone,
          className,
        )}
      >
        <Icon size={14} aria-hidden="true" strokeWidth={2.1} />
        <span>{text}</span>
      </button>
      <Correction proof={proof} request={request} />
      {open ? (
        <Suspense>
          <ProofPanel request={request} proof={proof} onClose={close} onAgain={() => prove(request)} />
        </Suspense>
      ) : null}
    </>
  )
}

interface Look {
  readonly Icon: LucideIcon
  readonly text: string
  readonly tone: string
}

function lookOf(proof: ProofState): Look {
  if (proof.state === 'working') return { Icon: Hourglass, text: 'Checking', tone: 'text-ink-2' }
  if (proof.state === 'failed') return { Icon: CircleDashed, text: 'Not checked', tone: 'text-warn' }
  if (proof.state === 'idle') return { Icon: CircleDashed, text: 'Prove', tone: 'text-ink-3' }
  const { report, moved } = proof.outcome
  if (report.verdict === 'verified') return { Icon: BadgeCheck, text: 'Verified here', tone: 'text-good' }
  if (moved) return { Icon: CircleDashed, text: 'Changed since', tone: 'text-warn' }
  return { Icon: TriangleAlert, text: report.verdict === 'conflict' ? 'Conflict' : 'Refused', tone: 'text-bad' }
}

/** The proven value beside a figure that is wrong, so that nobody has to open the panel to see it. */
function Correction({ proof, request }: { proof: ProofState; request: ProofRequest }) {
  if (proof.state !== 'settled' || proof.outcome.moved || proof.outcome.report.verdict !== 'conflict') return null
  const [first, ...others] = proof.outcome.report.differences
  if (first === undefined) return null
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return (
    <span className="block text-xs font-medium text-bad">{`Chain: ${textOfFact(first.name, first.proven, request.subject)}${more}`}</span>
  )
}
