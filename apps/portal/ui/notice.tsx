import { CircleAlert, Inbox, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

/** Why a list holds nothing, and what to do next. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      <span className="mb-3 grid size-11 place-items-center rounded-full bg-sunken text-ink-3">
        <Inbox size={20} aria-hidden="true" />
      </span>
      <p className="font-medium">{title}</p>
      {children === undefined ? null : <div className="mt-1 max-w-[46ch] text-sm text-ink-3">{children}</div>}
      {action === undefined ? null : <div className="mt-4">{action}</div>}
    </div>
  )
}

const KINDS = {
  info: { Icon: Info, style: 'bg-brand-soft text-ink border-brand-line', icon: 'text-brand' },
  warn: { Icon: TriangleAlert, style: 'bg-warn-soft text-ink border-warn/30', icon: 'text-warn' },
  error: { Icon: CircleAlert, style: 'bg-bad-soft text-ink border-bad/30', icon: 'text-bad' },
} as const

/** A message that stays until its cause is gone: cause, next step, and for errors a code to quote. */
export function Notice({
  kind = 'info',
  title,
  children,
  code,
  action,
  className,
}: {
  kind?: keyof typeof KINDS
  title: ReactNode
  children?: ReactNode
  code?: string | undefined
  action?: ReactNode
  className?: string | undefined
}) {
  const { Icon, style, icon } = KINDS[kind]
  return (
    <div
      role={kind === 'error' ? 'alert' : 'note'}
      className={cn('flex gap-3 rounded-xl border px-4 py-3 text-sm', style, className)}
    >
      <Icon size={18} className={cn('mt-0.5 shrink-0', icon)} aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {children === undefined ? null : <div className="mt-0.5 text-ink-2">{children}</div>}
        {code === undefined ? null : (
          <p className="mt-1 font-mono text-xs break-all text-ink-3" translate="no">
            {code}
          </p>
        )}
        {action === undefined ? null : <div className="mt-3">{action}</div>}
      </div>
    </div>
  )
}

/** Grey bars of the final layout's height while a list loads. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" className="divide-y divide-line">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} className="flex items-center gap-3 px-5 py-3.5" aria-hidden="true">
          <div className="shimmer size-6 rounded-lg" />
          <div className="shimmer h-4 flex-1" style={{ maxWidth: `${14 + ((row * 7) % 9)}rem` }} />
          <div className="shimmer ms-auto h-4 w-20" />
        </div>
      ))}
    </div>
  )
}
