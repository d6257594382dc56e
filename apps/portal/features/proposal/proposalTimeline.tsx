import type { ProposalView } from '@aelf/governance/domain'
import { cn } from '#ui/cn.ts'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Time } from '#ui/time/time.tsx'
import { STATUS_WORDS } from './words.ts'

/** Submission, the time to choose, and the end: where the proposal stands. */
export function ProposalTimeline({ proposal }: { proposal: ProposalView }) {
  const { status, submittedAtMs, submittedHeight, endsAtMs, closedAtMs, nowMs } = proposal
  const open = status === 'open'
  const endMs = closedAtMs ?? endsAtMs
  const passed = open ? Math.min(1, Math.max(0, (nowMs - submittedAtMs) / (endsAtMs - submittedAtMs))) : 1
  const steps = [
    { name: 'Submitted', done: true, at: submittedAtMs },
    { name: open ? 'Choices' : 'Choices closed', done: !open, at: endMs },
    { name: open ? 'Decision or expiry' : STATUS_WORDS[status], done: !open, at: endMs },
  ]
  return (
    <div className="mt-6">
      <div className="h-1 rounded-full bg-sunken" aria-hidden="true">
        <div className="h-1 rounded-full bg-brand" style={{ width: `${100 * passed}%` }} />
      </div>
      <ol className="mt-3 grid grid-cols-3 gap-2 text-sm">
        {steps.map((step, index) => (
          <li
            key={step.name}
            className={cn('min-w-0', index === 1 && 'text-center', index === 2 && 'text-end')}
            aria-current={open && index === 1 ? 'step' : undefined}
          >
            <p className={cn('font-medium', !step.done && index === 2 && 'text-ink-3')}>{step.name}</p>
            <p className="text-ink-3">
              {open && index === 1 ? <span>until the end, or a decision</span> : <Time at={step.at} />}
            </p>
            {index === 0 ? (
              <Link
                href={`/explorer/blocks/${submittedHeight}`}
                className="link num"
              >{`Block ${formatInteger(submittedHeight)}`}</Link>
            ) : null}
          </li>
        ))}
      </ol>
    </div>
  )
}
