import type { TransactionStatus, TransactionView } from '@aelf/governance/domain'
import { Check, Circle, CircleCheck, CircleDashed, CircleX, Hourglass } from 'lucide-react'
import { Badge } from '#ui/badge.tsx'
import { cn } from '#ui/cn.ts'

const STATUS = {
  pending: { text: 'Waiting', tone: 'warn', Icon: Hourglass },
  success: { text: 'Success', tone: 'good', Icon: CircleCheck },
  failed: { text: 'Failed', tone: 'bad', Icon: CircleX },
  expired: { text: 'Expired', tone: 'neutral', Icon: CircleDashed },
  unknown: { text: 'Unknown', tone: 'neutral', Icon: CircleDashed },
} as const

export function StatusBadge({ status }: { status: TransactionStatus }) {
  const { text, tone, Icon } = STATUS[status]
  return (
    <Badge tone={tone} icon={<Icon size={13} aria-hidden="true" />}>
      {text}
    </Badge>
  )
}

export function FinalityBadge({ finalized }: { finalized: boolean }) {
  return finalized ? (
    <Badge tone="good" icon={<Check size={13} aria-hidden="true" />}>
      Irreversible
    </Badge>
  ) : (
    <Badge icon={<Circle size={11} aria-hidden="true" />}>Confirming</Badge>
  )
}

/** The way from a block to irreversibility: included, 5, 15 confirmations, irreversible, each under its own name. */
export function Milestones({ view }: { view: Pick<TransactionView, 'milestones' | 'confirmations' | 'height'> }) {
  const steps = [
    { text: 'In block', done: view.height !== undefined },
    { text: '5 confirmations', done: view.milestones.five },
    { text: '15 confirmations', done: view.milestones.fifteen },
    { text: 'Irreversible', done: view.milestones.irreversible },
  ]
  return (
    <ol className="grid grid-cols-2 gap-2 sm:grid-cols-4" aria-label="Confirmation level">
      {steps.map((step) => (
        <li
          key={step.text}
          className={cn(
            'flex items-center gap-2 rounded-lg border px-3 py-2 text-sm',
            step.done ? 'border-good/30 bg-good-soft text-good' : 'border-line text-ink-3',
          )}
        >
          {step.done ? <CircleCheck size={16} aria-hidden="true" /> : <CircleDashed size={16} aria-hidden="true" />}
          <span className="font-medium">{step.text}</span>
          <span className="sr-only">{step.done ? 'reached' : 'not yet'}</span>
        </li>
      ))}
    </ol>
  )
}
