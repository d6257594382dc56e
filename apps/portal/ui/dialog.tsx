'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  className?: string | undefined
  bare?: boolean
}

/** A modal: centred on a wide screen, a sheet from the bottom on a phone. `bare` hides the visible heading. */
export function Dialog({ open, onOpenChange, title, description, children, className, bare = false }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-50 bg-black/40 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          className={cn(
            'fixed inset-x-0 bottom-0 z-50 flex max-h-[88dvh] flex-col overflow-hidden rounded-t-2xl border border-line bg-surface text-ink shadow-pop transition-[opacity,translate] duration-150 data-ending-style:translate-y-3 data-ending-style:opacity-0 data-starting-style:translate-y-3 data-starting-style:opacity-0 sm:inset-x-auto sm:top-[12vh] sm:bottom-auto sm:left-1/2 sm:max-h-[76dvh] sm:w-[30rem] sm:-translate-x-1/2 sm:rounded-2xl',
            className,
          )}
        >
          <div className={bare ? 'sr-only' : 'flex items-start justify-between gap-4 px-5 pt-5 pb-3'}>
            <div>
              <Base.Title className="text-lg font-semibold tracking-tight">{title}</Base.Title>
              {description === undefined ? null : (
                <Base.Description className="mt-0.5 text-sm text-ink-3">{description}</Base.Description>
              )}
            </div>
            {bare ? null : (
              <Base.Close
                aria-label="Close"
                className="-me-1 grid size-8 shrink-0 place-items-center rounded-lg text-ink-3 hover:bg-sunken hover:text-ink"
              >
                <X size={18} aria-hidden="true" />
              </Base.Close>
            )}
          </div>
          <div className="min-h-0 overflow-y-auto">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
