import type { ReactNode } from 'react'
import { Link } from '#ui/link.tsx'
import { cn } from './cn.ts'

interface PanelProps {
  title?: ReactNode
  id?: string
  aside?: ReactNode
  note?: ReactNode
  children: ReactNode
  className?: string | undefined
  flush?: boolean
}

/** A titled region of a page; `flush` lets a table touch its edges. */
export function Panel({ title, id, aside, note, children, className, flush = false }: PanelProps) {
  const headingId = id === undefined ? undefined : `${id}-title`
  return (
    <section
      id={id}
      aria-labelledby={title === undefined ? undefined : headingId}
      className={cn('panel min-w-0', className)}
    >
      {title === undefined ? null : (
        <div
          className={cn(
            'flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-5 pt-4',
            flush ? 'pb-3' : 'pb-0',
          )}
        >
          <div className="min-w-0">
            <h2 id={headingId} className="text-base font-semibold">
              {title}
            </h2>
            {note === undefined ? null : <p className="text-sm text-ink-3">{note}</p>}
          </div>
          {aside}
        </div>
      )}
      <div className={flush ? (title === undefined ? undefined : 'border-t border-line') : 'p-5'}>{children}</div>
    </section>
  )
}

export function PageHeader({
  title,
  lead,
  aside,
  crumbs,
}: {
  title: ReactNode
  lead?: ReactNode
  aside?: ReactNode
  crumbs?: readonly { href: string; text: string }[]
}) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {crumbs === undefined ? null : (
          <nav aria-label="Breadcrumb" className="mb-1">
            <ol className="flex flex-wrap items-center gap-1 text-sm text-ink-3">
              {crumbs.map((crumb) => (
                <li key={crumb.href} className="flex items-center gap-1">
                  <Link href={crumb.href} className="inline-flex min-h-6 items-center hover:text-ink hover:underline">
                    {crumb.text}
                  </Link>
                  <span aria-hidden="true">/</span>
                </li>
              ))}
            </ol>
          </nav>
        )}
        <h1 className="text-[1.75rem]/9 font-semibold tracking-tight">{title}</h1>
        {lead === undefined ? null : <p className="mt-1 max-w-[68ch] text-ink-2">{lead}</p>}
      </div>
      {aside === undefined ? null : <div className="flex flex-wrap items-center gap-2">{aside}</div>}
    </header>
  )
}

/** One figure and what it means. */
export function Stat({
  label,
  children,
  note,
  className,
}: {
  label: ReactNode
  children: ReactNode
  note?: ReactNode
  className?: string | undefined
}) {
  return (
    <div className={cn('min-w-0', className)}>
      <dt className="eyebrow">{label}</dt>
      <dd className="num mt-0.5 text-xl/7 font-semibold tracking-tight">{children}</dd>
      {note === undefined ? null : <dd className="mt-0.5 text-sm text-ink-3">{note}</dd>}
    </div>
  )
}

/** Label and value pairs, side by side on a wide screen, stacked on a phone. */
export function Facts({ items }: { items: readonly { label: string; value: ReactNode }[] }) {
  return (
    <dl className="divide-y divide-line">
      {items.map((item) => (
        <div key={item.label} className="grid gap-x-6 gap-y-0.5 px-5 py-3 sm:grid-cols-[12rem_1fr] sm:items-center">
          <dt className="text-sm text-ink-3">{item.label}</dt>
          <dd className="min-w-0 break-words">{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
