import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export type Tone = 'neutral' | 'brand' | 'good' | 'warn' | 'bad' | 'support' | 'oppose'

const TONES: Record<Tone, string> = {
  neutral: 'bg-sunken text-ink-2 ring-line',
  brand: 'bg-brand-soft text-brand ring-brand-line',
  good: 'bg-good-soft text-good ring-good/25',
  warn: 'bg-warn-soft text-warn ring-warn/25',
  bad: 'bg-bad-soft text-bad ring-bad/25',
  support: 'bg-support-soft text-support ring-support/25',
  oppose: 'bg-oppose-soft text-oppose ring-oppose/25',
}

/** A short status in words; colour only repeats what the words say. */
export function Badge({
  tone = 'neutral',
  icon,
  children,
  className,
}: {
  tone?: Tone
  icon?: ReactNode
  children: ReactNode
  className?: string | undefined
}) {
  return (
    <span
      className={cn(
        'inline-flex h-6 items-center gap-1 rounded-full px-2 text-xs font-medium whitespace-nowrap ring-1 ring-inset',
        TONES[tone],
        className,
      )}
    >
      {icon}
      <span>{children}</span>
    </span>
  )
}
