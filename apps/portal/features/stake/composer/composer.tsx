'use client'

import {
  DAY_MS,
  LOCK_DAYS_MIN,
  lockMultiplier,
  type RankingView,
  stakeWeight,
  VOTE_AMOUNT_MIN,
} from '@aelf/governance/domain'
import { type ReactNode, useState } from 'react'
import { useWriteFlow } from '#features/wallet/flow/useWriteFlow.ts'
import { WritePanel } from '#features/wallet/flow/writePanel.tsx'
import { useSession } from '#features/wallet/session.ts'
import { useChainBalance } from '#features/wallet/useBalance.ts'
import { Weight } from '#ui/number/amount.tsx'
import { formatAmount, parseAmount } from '#ui/number/format.ts'
import { useNow } from '#ui/time/clock.tsx'
import { Time } from '#ui/time/time.tsx'
import { AmountField } from './amountField.tsx'
import { DelegateField } from './delegateField.tsx'
import { LockField } from './lockField.tsx'
import { NamedDelegate } from './namedDelegate.tsx'
import { RankPreview } from './rankPreview.tsx'

/** Left aside by “Max”: enough for this vote's fee and a few later ones. */
const FEE_RESERVE = 10_000_000n

interface ComposerProps {
  ranking: RankingView
  termEndsAtMs: number
  initial: { delegate?: `0x${string}`; amount?: string; days?: number }
}

/** Lock and vote: three choices on one side, everything they would change on the other, then the words to sign. */
export function StakeComposer({ ranking, termEndsAtMs, initial }: ComposerProps) {
  const session = useSession()
  const balance = useChainBalance(session)
  const controls = useWriteFlow()
  const [delegate, setDelegate] = useState(initial.delegate)
  const [text, setText] = useState(initial.amount ?? '')
  const [days, setDays] = useState(initial.days ?? 365)
  const amount = text === '' ? undefined : parseAmount(text)
  const problem = amountProblem(text, amount, balance)
  const weight = amount === undefined ? 0n : stakeWeight(amount, days)
  const spendable = balance === undefined ? undefined : balance > FEE_RESERVE ? balance - FEE_RESERVE : 0n
  const reason =
    delegate === undefined
      ? 'Choose a delegate first.'
      : amount === undefined || amount === 0n
        ? 'Enter how much to lock.'
        : problem
  const call =
    reason === undefined && delegate !== undefined && amount !== undefined
      ? { contract: 'election', method: 'vote', args: { delegate, amount, lockDays: days } }
      : { reason: reason ?? 'Something is missing.' }
  const frozen = controls.flow.step !== 'form' && controls.flow.step !== 'preparing'
  const shown = useKept(ranking, frozen)
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
      <div className="panel divide-y divide-line" inert={frozen} data-frozen={frozen ? '' : undefined}>
        <Step number={1} id="step-delegate" title="Vote for">
          <DelegateField entries={shown.entries} value={delegate} onChange={setDelegate} labelledBy="step-delegate" />
        </Step>
        <Step number={2} id="step-amount" title="Amount" labelFor="amount">
          <AmountField text={text} onChange={setText} balance={balance} spendable={spendable} problem={problem} />
        </Step>
        <Step number={3} id="step-lock" title="Lock time">
          <LockField days={days} onChange={setDays} />
        </Step>
      </div>
      <div className="panel p-5 lg:sticky lg:top-16">
        <h2 className="text-base font-semibold">What your signature does</h2>
        <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-3">
          <Outcome label="Votes" note={`× ${(lockMultiplier(days) / 10_000).toFixed(2)} of the amount`}>
            <Weight units={weight} />
          </Outcome>
          <UnlockOutcome days={days} />
        </dl>
        <div className="my-4 border-t border-line pt-4">
          <RankPreview ranking={shown} delegate={delegate} added={weight} />
        </div>
        <p className="mb-4 text-sm text-ink-3">
          <span>Counts from term </span>
          <span className="num">{ranking.nextTerm}</span>
          <span>, which starts </span>
          <Time at={termEndsAtMs} />
          <span>. The tokens stay yours and locked; you may move the vote at any time.</span>
        </p>
        <WritePanel
          controls={controls}
          call={call}
          actionText="Review the transaction"
          explain={<NamedDelegate ranking={ranking} delegate={delegate} />}
        />
      </div>
    </div>
  )
}

/** The value as it was when `frozen` began: a vote under way must not be counted on top of itself. */
function useKept<T>(value: T, frozen: boolean): T {
  const [kept, keep] = useState(value)
  if (!frozen && kept !== value) keep(value)
  return frozen ? kept : value
}

function UnlockOutcome({ days }: { days: number }) {
  const now = useNow()
  return (
    <Outcome label="Opens" note={`${days} days from the block`}>
      <Time at={now + Math.max(days, LOCK_DAYS_MIN) * DAY_MS} mode="day" className="text-base" />
    </Outcome>
  )
}

function Outcome({ label, note, children }: { label: string; note: string; children: ReactNode }) {
  return (
    <div>
      <dt className="eyebrow">{label}</dt>
      <dd className="num text-xl/7 font-semibold tracking-tight">{children}</dd>
      <dd className="text-xs text-ink-3">{note}</dd>
    </div>
  )
}

function Step({
  number,
  id,
  title,
  labelFor,
  children,
}: {
  number: number
  id: string
  title: string
  labelFor?: string
  children: ReactNode
}) {
  const heading = (
    <>
      <span
        aria-hidden="true"
        className="num grid size-6 place-items-center rounded-full bg-brand-soft text-xs font-semibold text-brand"
      >
        {number}
      </span>
      <span id={id}>{title}</span>
    </>
  )
  return (
    <div className="p-5">
      {labelFor === undefined ? (
        <h2 className="mb-3 flex items-center gap-2.5 font-semibold">{heading}</h2>
      ) : (
        <label htmlFor={labelFor} className="mb-3 flex items-center gap-2.5 font-semibold">
          {heading}
        </label>
      )}
      {children}
    </div>
  )
}

function amountProblem(text: string, amount: bigint | undefined, balance: bigint | undefined): string | undefined {
  if (text === '') return undefined
  if (amount === undefined) return 'Write a number such as 1500.25, with at most eight decimals.'
  if (amount < VOTE_AMOUNT_MIN) return 'The smallest vote is 1 ELF.'
  if (balance !== undefined && amount >= balance)
    return `You have ${formatAmount(balance)} ELF, and the fee comes on top.`
  return undefined
}
