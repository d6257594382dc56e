'use client'

import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'
import { cn } from './cn.ts'

interface TabsProps<T extends string> {
  label: string
  tabs: readonly { readonly id: T; readonly text: string }[]
  value: T
  /** Called with another tab than the chosen one. */
  onChange: (value: T) => void
  /** What belongs to the chosen tab. */
  children: ReactNode
  /** Lets it touch the edges. */
  flush?: boolean
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }

/** One of a few views at a time; one stop for the tab key, arrows move between them. */
export function Tabs<T extends string>({ label, tabs, value, onChange, children, flush = false }: TabsProps<T>) {
  const base = useId()
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent): void => {
    const step = STEPS[event.key]
    if (step === undefined) return
    const at = (tabs.findIndex(({ id }) => id === value) + step + tabs.length) % tabs.length
    const next = tabs[at]
    if (next === undefined) return
    event.preventDefault()
    onChange(next.id)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[at]?.focus()
  }
  return (
    <div>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={move}
        className="flex gap-1 overflow-x-auto overflow-y-hidden border-b border-line px-4"
      >
        {tabs.map(({ id, text }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${base}-${id}`}
            tabIndex={id === value ? 0 : -1}
            aria-selected={id === value}
            aria-controls={id === value ? `${base}-panel` : undefined}
            onClick={() => {
              if (id !== value) onChange(id)
            }}
            className={cn(
              'h-11 border-b-2 px-3 text-sm font-medium whitespace-nowrap',
              id === value ? 'border-brand text-brand' : 'border-transparent text-ink-2 hover:text-ink',
            )}
          >
            {text}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${base}-panel`}
        aria-labelledby={`${base}-${value}`}
        className={flush ? undefined : 'p-5'}
      >
        {children}
      </div>
    </div>
  )
}
