import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from '#ui/cn.ts'

export type Health = 'ok' | 'warn' | 'bad'

const LOOK = {
  ok: { Icon: CircleCheck, tone: 'text-good', text: 'Working' },
  warn: { Icon: TriangleAlert, tone: 'text-warn', text: 'Degraded' },
  bad: { Icon: CircleX, tone: 'text-bad', text: 'Not working' },
} as const

/** One part of the system: its state in words, and what is known about it. */
export function HealthRow({
  name,
  health,
  detail,
  children,
}: {
  name: string
  health: Health
  detail: ReactNode
  children?: ReactNode
}) {
  const { Icon, tone, text } = LOOK[health]
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 px-5 py-4">
      <Icon size={20} className={cn('mt-0.5 shrink-0', tone)} aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{name}</p>
        <p className="text-sm text-ink-2">{detail}</p>
        {children}
      </div>
      <span className={cn('text-sm font-medium', tone)}>{text}</span>
    </li>
  )
}
