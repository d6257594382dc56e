'use client'

import type { ProofReport, ProofStep } from '@aelf/governance/actions'
import { Check, CircleDashed, Hourglass, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from '#ui/cn.ts'
import { shorten } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import type { ProofOutcome } from './protocol.ts'
import { headlineOf, nameOfFact, placeOf, type Subject, stepText, textOfFact } from './text.ts'

const VERDICTS = {
  verified: 'border-good/30 bg-good-soft',
  conflict: 'border-bad/30 bg-bad-soft',
  waiting: 'border-brand-line bg-brand-soft',
  refused: 'border-bad/30 bg-bad-soft',
} as const

interface ReportProps {
  outcome: ProofOutcome
  subject: Subject
  /** Block the page's figure was read at. */
  pageHeight?: bigint
}

/** What was proven, step by step; the headline is read out when it changes. */
export function Report({ outcome, subject, pageHeight }: ReportProps) {
  const { report, moved, milliseconds } = outcome
  return (
    <div className="grid grid-cols-1 gap-5">
      <div
        role="status"
        className={cn('rounded-xl border px-4 py-3', moved ? 'border-warn/30 bg-warn-soft' : VERDICTS[report.verdict])}
      >
        <p className="font-semibold">{headlineOf(outcome)}</p>
        <p className="mt-0.5 text-sm text-ink-2">{explanation(outcome, pageHeight)}</p>
        {report.code === undefined || report.verdict === 'waiting' ? null : (
          <p className="mt-1 font-mono text-xs break-all text-ink-2" translate="no">
            {report.code}
          </p>
        )}
      </div>
      {report.differences.length === 0 ? null : <Differences report={report} moved={moved} subject={subject} />}
      <Steps report={report} subject={subject} />
      <Facts report={report} subject={subject} />
      <p className="text-xs text-ink-3">{`Checked in this browser in ${Math.max(1, Math.round(milliseconds))} ms.`}</p>
    </div>
  )
}

function explanation({ report, moved }: ProofOutcome, pageHeight: bigint | undefined): string {
  const { verdict, needed, signers } = report
  if (verdict === 'verified') return verifiedText(report, pageHeight)
  if (verdict === 'waiting') return `${signers} of ${needed} needed producers so far. This goes on by itself.`
  if (verdict === 'refused') return refusalText(report)
  return moved
    ? 'The node no longer keeps the state of the page’s block, so the newest irreversible one was proven. Reload the page.'
    : 'The value on the right is proven by signatures of the producers. The page’s server or its index is wrong.'
}

function verifiedText({ trust, height = 0n }: ProofReport, pageHeight: bigint | undefined): string {
  const newer =
    pageHeight !== undefined && pageHeight > height
      ? ` The page is from block ${formatInteger(pageHeight)}; the blocks in between are not irreversible yet.`
      : ''
  if (trust === 'first')
    return `From now on nobody but these producers, or their successors, can change what this browser believes.${newer}`
  if (trust === 'older')
    return `Signed by the producers the node names for that term; they are older than what is pinned here.${newer}`
  return `No word of the server was needed: hashes and signatures say so.${newer}`
}

function refusalText({ code, message = '' }: ProofReport): string {
  if (code === 'light.network') {
    return 'It is from another network than the one pinned here. When a development network was started anew, forget the pin below; otherwise somebody shows you another chain.'
  }
  return message === ''
    ? 'The proof is wrong.'
    : `${message.slice(0, 1).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`
}

interface PartProps {
  report: ProofReport
  subject: Subject
}

function Differences({ report, moved, subject }: PartProps & { moved: boolean }) {
  return (
    <section aria-label="Differences" className="grid gap-3">
      {report.differences.map(({ name, said, proven }) => (
        <dl key={name} className="grid grid-cols-2 gap-x-4 gap-y-1 rounded-xl border border-line p-4 text-sm">
          <dt className="text-ink-3">{`${nameOfFact(name, subject)}: ${moved ? 'page' : 'server says'}`}</dt>
          <dt className="text-ink-3">Chain proves</dt>
          <dd className={cn('num break-words', moved ? 'text-ink-2' : 'text-bad line-through')} translate="no">
            {textOfFact(name, said, subject)}
          </dd>
          <dd className="num font-semibold break-words" translate="no">
            {textOfFact(name, proven, subject)}
          </dd>
        </dl>
      ))}
    </section>
  )
}

const STATES = {
  done: { Icon: Check, text: 'holds', style: 'bg-good-soft text-good' },
  failed: { Icon: X, text: 'does not hold', style: 'bg-bad-soft text-bad' },
  waiting: { Icon: Hourglass, text: 'waiting', style: 'bg-brand-soft text-brand' },
  open: { Icon: CircleDashed, text: 'not checked', style: 'bg-sunken text-ink-3' },
} as const

function Steps({ report, subject }: PartProps) {
  return (
    <section>
      <h3 className="text-sm font-semibold">Steps</h3>
      <ol className="mt-2 grid gap-2.5 text-sm">
        {report.steps.map((step) => (
          <Step key={step.id} step={step}>
            {stepText(step.id, report, subject)}
            {step.id === 'signature' && report.height !== 0n && report.producer !== undefined ? (
              <>
                {' '}
                <Link href={`/delegates/${report.producer}`} className="link font-mono text-[0.8125rem]" translate="no">
                  {shorten(report.producer)}
                </Link>
              </>
            ) : null}
          </Step>
        ))}
      </ol>
    </section>
  )
}

function Step({ step, children }: { step: ProofStep; children: ReactNode }) {
  const { Icon, text, style } = STATES[step.state]
  return (
    <li className="flex gap-3">
      <span className={cn('mt-0.5 grid size-5 shrink-0 place-items-center rounded-full', style)}>
        <Icon size={13} strokeWidth={2.6} aria-hidden="true" />
      </span>
      <span className={cn('min-w-0', step.state === 'open' ? 'text-ink-3' : 'text-ink')}>
        <span>{children}</span>
        <span className="sr-only">{` (${text})`}</span>
      </span>
    </li>
  )
}

function Facts({ report, subject }: PartProps) {
  const place = placeOf(subject)
  if (report.facts.length === 0) return null
  return (
    <section>
      <h3 className="text-sm font-semibold">
        {report.verdict === 'waiting' ? 'What it would prove' : 'What was shown'}
      </h3>
      <dl className="mt-2 divide-y divide-line rounded-xl border border-line text-sm">
        {place === undefined ? null : (
          <div className="grid gap-x-4 px-4 py-2 sm:grid-cols-[9rem_1fr]">
            <dt className="text-ink-3">Entry</dt>
            <dd className="min-w-0 font-mono text-[0.8125rem] break-words" translate="no">
              {place}
            </dd>
          </div>
        )}
        {report.facts.map(({ name, value }) => (
          <div key={name} className="grid gap-x-4 px-4 py-2 sm:grid-cols-[9rem_1fr]">
            <dt className="text-ink-3">{nameOfFact(name, subject)}</dt>
            <dd
              className={cn('min-w-0 break-words', value.startsWith('0x') ? 'font-mono text-[0.8125rem]' : 'num')}
              translate="no"
            >
              {textOfFact(name, value, subject)}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
